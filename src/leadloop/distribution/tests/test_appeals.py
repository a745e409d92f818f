"""A lead given back can be appealed once, and is decided once by somebody whose own case it is not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from leadloop.distribution.appeal_rules import APPEAL_WITHIN, arbiters
from leadloop.distribution.contracts import GivenBack, Verdict
from leadloop.distribution.erasure import erase, export
from leadloop.distribution.models import Appeal
from leadloop.distribution.queries import assignments, given_back, records
from leadloop.distribution.services import appeal, assign_by_hand, decide, reject, reoffer
from leadloop.kernel.errors import Invalid, NotFound, Refused
from leadloop.leads.contracts import Stage
from leadloop.leads.queries import rows
from leadloop.leads.tests.world import SYSTEM, World, facts, world


@pytest.fixture
def office(db: None, cast: Any) -> World:
    return world(cast)


def rejected(office: World, reason: str, by: str = "kim") -> GivenBack:
    """A qualified lead that was handed over by name and given back."""
    lead = office.lead_in(Stage.QUALIFIED)
    about = {"terms": office.terms, "actor": SYSTEM, "now": office.now}
    assign_by_hand([lead.id], user_id=office.user(by), **about)
    reject([lead.id], reason=reason, **about)
    found = given_back(office.viewer("tomas"), since=office.now - timedelta(days=1), limit=50)
    (back,) = (one for one in found if one.lead_id == lead.id)
    return back


def some_reason(office: World) -> str:
    """A reason for giving back after which the lead waits for sales still."""
    found = office.terms.reasons_for("reject")
    return next(code for code in sorted(found) if office.terms.clauses.reasons[code].back_to in (None, "qualified"))


def arbiter(office: World) -> int:
    return arbiters(office.terms)[0]


def make(office: World, back: GivenBack, by: str = "tomas", text: str = "She asked for Kim by name.") -> GivenBack:
    return appeal(back.assignment_id, text=text, by=office.user(by), terms=office.terms, now=office.now)


def judge(office: World, back: GivenBack, *, overturned: bool, by: int | None = None, note: str = "Agreed.") -> Any:
    return decide(
        back.assignment_id,
        overturned=overturned,
        note=note,
        by=by or arbiter(office),
        terms=office.terms,
        now=office.now,
    )


def test_an_overturned_one_goes_back_to_whom_it_was_given(office: World) -> None:
    back = rejected(office, some_reason(office))
    make(office, back)
    assert judge(office, back, overturned=True)[1] is True
    lead = rows([back.lead_id])[back.lead_id]
    assert (lead.stage, lead.owner_id) == (Stage.ASSIGNED, office.user("kim"))
    (standing,) = given_back(office.viewer("tomas"), since=office.now, limit=5)
    assert (standing.verdict, standing.note, standing.decided_by_id) == (Verdict.OVERTURNED, "Agreed.", arbiter(office))
    assert [(one.user_id, one.given_back, one.appealed, one.overturned) for one in records(since=office.now)] == [
        (office.user("kim"), 1, 1, 1)
    ]
    told = [(kind, said["arbiter_id"]) for kind, said in facts(back.lead_id, "rejection.appealed")]
    assert told == [("rejection.appealed", arbiter(office))]
    assert [said["verdict"] for _, said in facts(back.lead_id, "appeal.decided")] == ["overturned"]
    assert len(assignments([back.lead_id])[back.lead_id]) == 2


def test_one_that_stands_changes_nothing_but_the_record(office: World) -> None:
    back = rejected(office, some_reason(office))
    before = rows([back.lead_id])
    make(office, back)
    assert judge(office, back, overturned=False)[1] is False
    assert rows([back.lead_id]) == before
    assert given_back(office.viewer("tomas"), since=office.now, limit=5)[0].verdict is Verdict.STANDS


def test_an_overturned_one_that_found_another_way_stays_there(office: World) -> None:
    back = rejected(office, some_reason(office))
    make(office, back)
    about = {"terms": office.terms, "actor": SYSTEM, "now": office.now}
    assign_by_hand([back.lead_id], user_id=office.user("ola"), **about)
    assert judge(office, back, overturned=True)[1] is False
    assert rows([back.lead_id])[back.lead_id].owner_id == office.user("ola")
    assert records(since=office.now)[0].overturned == 1


def test_nobody_appeals_twice_late_in_their_own_case_or_without_words(office: World) -> None:
    back = rejected(office, some_reason(office))
    with pytest.raises(Refused, match="yourself"):
        make(office, back, by="kim")
    with pytest.raises(Invalid, match="nothing was said"):
        make(office, back, text="  ")
    office.now += APPEAL_WITHIN + timedelta(minutes=1)
    with pytest.raises(Refused, match="within 14 days"):
        make(office, back)
    office.now -= timedelta(minutes=1)
    make(office, back)
    with pytest.raises(Refused, match="made already"):
        make(office, back)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.create(
            assignment_id=back.assignment_id, text="x", made_by_id=office.user("tomas"), made_at=office.now
        )


def test_only_the_keeper_of_handing_over_decides_and_never_in_the_own_case(office: World) -> None:
    back = rejected(office, some_reason(office))
    with pytest.raises(NotFound, match="nobody appealed"):
        judge(office, back, overturned=True)
    make(office, back)
    with pytest.raises(Refused, match="another keeper"):
        judge(office, back, overturned=True, by=office.user("ola"))
    with pytest.raises(Invalid, match="nothing was said"):
        judge(office, back, overturned=True, note="")
    judge(office, back, overturned=True)
    with pytest.raises(Refused, match="is decided"):
        judge(office, back, overturned=False)


def test_who_would_decide_alone_hands_over_by_name_instead(office: World) -> None:
    back = rejected(office, some_reason(office))
    with pytest.raises(Refused, match="hand the lead over by name"):
        appeal(back.assignment_id, text="Mine", by=arbiter(office), terms=office.terms, now=office.now)
    clause = office.terms.clauses.stages[Stage.ASSIGNED].model_copy(update={"deputy_id": office.user("grace")})
    stages = {**office.terms.clauses.stages, Stage.ASSIGNED: clause}
    clauses = office.terms.clauses.model_copy(update={"stages": stages})
    office.terms = office.terms.model_copy(update={"clauses": clauses})
    appeal(back.assignment_id, text="Mine", by=arbiter(office), terms=office.terms, now=office.now)
    with pytest.raises(Refused, match="own case"):
        judge(office, back, overturned=True)
    assert judge(office, back, overturned=True, by=office.user("grace"))[1] is True


def test_giving_back_that_was_undone_is_not_decided_any_more(office: World) -> None:
    back = rejected(office, some_reason(office))
    make(office, back)
    reoffer([back.lead_id], now=office.now)
    with pytest.raises(Refused, match="undone meanwhile"):
        judge(office, back, overturned=True)
    assert given_back(office.viewer("tomas"), since=office.now, limit=5) == []
    with pytest.raises(NotFound, match="was not given back"):
        make(office, back)


def test_everyone_sees_what_concerns_them_and_open_appeals_come_first(office: World) -> None:
    reason = some_reason(office)
    appealed = rejected(office, reason)
    make(office, appealed)
    office.later(hours=1)
    newest = rejected(office, reason, by="ola")
    since = office.now - timedelta(days=1)

    def seen(name: str, **much: int) -> list[int]:
        found = given_back(office.viewer(name), since=since, **{"limit": 50, **much})
        return [row.assignment_id for row in found]

    assert seen("tomas") == [appealed.assignment_id, newest.assignment_id]
    assert seen("tomas", limit=1) == [appealed.assignment_id]
    assert (seen("kim"), seen("ola")) == ([appealed.assignment_id], [newest.assignment_id])
    assert len(given_back(office.viewer("tomas"), since=office.now + timedelta(days=9), limit=5)) == 1


def test_what_was_written_about_somebody_is_exported_and_erased_with_them(office: World) -> None:
    back, other = rejected(office, some_reason(office)), rejected(office, some_reason(office))
    make(office, back), judge(office, back, overturned=False)
    make(office, other)
    person_id = rows([back.lead_id])[back.lead_id].person_id
    (told,) = export([person_id])
    assert (told["appeal"], told["note"], told["verdict"]) == ("She asked for Kim by name.", "Agreed.", "stands")
    with connection.cursor() as cursor:
        assert erase(cursor, [person_id]) == 1
        assert erase(cursor, [person_id]) == 0
    left = {row.assignment_id: row for row in given_back(office.viewer("tomas"), since=office.now, limit=5)}
    assert (left[back.assignment_id].text, left[back.assignment_id].verdict) == ("", Verdict.STANDS)
    assert left[other.assignment_id].text == "She asked for Kim by name."
