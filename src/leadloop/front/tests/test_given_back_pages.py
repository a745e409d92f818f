"""The page of leads given back: who appeals, who decides, and what each of them sees."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from leadloop.distribution.services import assign_by_hand, reject
from leadloop.front.tests.pages import as_user
from leadloop.kernel import clock
from leadloop.leads.contracts import LeadRow, Stage
from leadloop.leads.queries import rows
from leadloop.leads.tests.world import SYSTEM, World, world
from leadloop.ledger.models import Event
from leadloop.ledger.queries import events_by_id
from leadloop.loop.notices.writing import tell
from tests.support.cast import Cast
from tests.support.statements import asked


@pytest.fixture
def office(db: None, cast: Cast) -> Iterator[World]:
    office = world(cast)
    with clock.at(office.now):
        yield office


def given_back(office: World, times: int = 1) -> LeadRow:
    leads = office.leads_in(Stage.QUALIFIED, ["kim"] * times)
    ids = [lead.id for lead in leads]
    about = {"terms": office.terms, "actor": SYSTEM, "now": office.now}
    assign_by_hand(ids, user_id=office.user("kim"), **about)
    reasons = office.terms.reasons_for("reject")
    reason = next(one for one in sorted(reasons) if office.terms.clauses.reasons[one].back_to in (None, "qualified"))
    reject(ids, reason=reason, **about)
    return leads[0]


def tell_all() -> None:
    tell(
        events_by_id(
            list(Event.objects.filter(kind__in=["rejection.appealed", "appeal.decided"]).values_list("id", flat=True))
        )
    )


def test_an_appeal_goes_from_whom_it_wronged_to_whom_it_concerns(office: World) -> None:
    lead = given_back(office)
    tomas, ines, kim = (as_user(office.cast, name) for name in ("tomas", "ines", "kim"))
    page = tomas.get("/given-back").content.decode()
    assert "Given back by Kim" in page
    ((address),) = {part.split('"')[0] for part in page.split('action="')[1:] if "/appeal" in part.split('"')[0]}
    assert tomas.post(address, {"text": " "}, follow=True).content.decode().count("nothing was said") == 1
    assert "The appeal is made" in tomas.post(address, {"text": "She asked for Kim."}, follow=True).content.decode()
    tell_all()
    assert "An appeal waits" in ines.get("/notifications").content.decode()
    assert "Back to Kim" not in tomas.get("/given-back").content.decode()
    page = ines.get("/given-back").content.decode()
    assert "She asked for Kim." in page
    assert "Back to Kim" in page
    decide = address.replace("/appeal", "/decide")
    assert "another keeper" in tomas.post(decide, {"verdict": "overturned", "note": "No"}, follow=True).content.decode()
    done = ines.post(decide, {"verdict": "overturned", "note": "Right, it is hers."}, follow=True).content.decode()
    assert "the lead is with Kim" in done
    assert rows([lead.id])[lead.id].owner_id == office.user("kim")
    tell_all()
    for person in (kim, tomas):
        assert "Giving back was overturned" in person.get("/notifications").content.decode()
    assert "Right, it is hers." in kim.get("/given-back").content.decode()


def test_who_neither_sees_the_lead_nor_is_concerned_sees_nothing(office: World) -> None:
    given_back(office)
    assert "Given back by" not in as_user(office.cast, "pia").get("/given-back").content.decode()


def test_a_full_page_takes_no_more_statements_than_a_short_one(office: World) -> None:
    given_back(office)
    ines = as_user(office.cast, "ines")
    ines.get("/given-back")
    few = asked(ines, "/given-back")
    given_back(office, 20)
    assert asked(ines, "/given-back") == few
    assert few <= 12
