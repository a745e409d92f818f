"""The queue of calls: whom to call and why, who may not be called, and one key for how it ended."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.agreement.queries import in_force
from leadloop.front.tests.pages import as_user
from leadloop.kernel import clock
from leadloop.kernel.text import phone
from leadloop.leads import services as leads
from leadloop.leads.contracts import Pursuit, Stage
from leadloop.leads.tests.world import owed
from leadloop.ledger.contracts import by_system
from leadloop.people import services as people
from leadloop.people.contracts import Channel, ContactValue, NewPerson, Suppress
from leadloop.people.queries import contact_points, reachable
from leadloop.selling.queries import activities
from tests.support.cast import MONDAY, Cast

pytestmark = pytest.mark.django_db
BY: dict[str, Any] = {"actor": by_system("test"), "now": MONDAY}


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.at(MONDAY) as moment:
        yield moment


def known(number: int, digits: str = "", **more: Any) -> NewPerson:
    phones = (ContactValue(digits, phone(digits, "DE") or ""),) if digits else ()
    given = {"zone": "Europe/Berlin", **more}
    return NewPerson(ref=number, given="Dana", family=f"Nr{number}", phones=phones, **given)


def opened(cast: Cast, *persons: NewPerson, owner: str = "mira", stage: Stage = Stage.INQUIRY) -> dict[int, int]:
    """Leads by the reference of their person."""
    ids = people.remember(list(persons), **BY)
    wanted = [
        Pursuit(
            ref=ref, person_id=person, interest_id=cast.interest["pumps"], happened_at=MONDAY, stage=stage,
            owner_id=cast.user[owner], why="asked for a demo",
        )
        for ref, person in ids.items()
    ]  # fmt: skip
    return {ref: one.lead_id for ref, one in leads.open_or_join(wanted, terms=in_force(), **BY).items()}


def page(client: Any, address: str = "/calls") -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content[:400]
    return unescape(answer.content.decode())


def listed(html: str) -> list[str]:
    return re.findall(r'<span class="row-who"><b>([^<]+)</b>', html)


def figures(html: str) -> Mapping[str, int]:
    found = re.findall(r'data-figure="(\d+)"[^>]*href="([^"]*)"', html)
    return {url: int(value) for value, url in found}


def press(client: Any, lead_id: int, outcome: str, **more: str) -> str:
    answer = client.post(f"/calls/{lead_id}/outcome", {"outcome": outcome, **more})
    assert answer.status_code == 200, answer.content[:400]
    return unescape(answer.content.decode())


def numbered(count: int, start: int = 0) -> list[NewPerson]:
    return [known(ref, f"+49 30 5550{ref:03d}") for ref in range(start, start + count)]


def test_who_may_be_called_now_comes_first_and_the_others_say_why_not(cast: Cast) -> None:
    opened(
        cast,
        known(1, "+49 30 5550101"),
        known(2, "+1 212 555 0102", zone="America/New_York"),
        known(3),
        known(4, "+49 30 5550104"),
    )
    people.suppress([Suppress(channel=Channel.CALL, norm="+49305550104", reason="unsubscribed")], **BY)
    mira = as_user(cast, "mira")
    html = page(mira)
    assert listed(html) == ["Dana Nr1"]
    assert "tel:+49305550101" in html
    assert "10:00 <small>Europe/Berlin" in html
    assert "asked for a demo" in html
    night = page(mira, "/calls?place=quiet")
    assert listed(night) == ["Dana Nr2"]
    assert "They may be called from 8:00 their time, 14:00 yours" in night
    assert "tel:" not in night
    barred = page(mira, "/calls?place=barred")
    assert sorted(listed(barred)) == ["Dana Nr3", "Dana Nr4"]
    assert "There is no number that works" in barred
    assert "The number may not be called" in barred
    assert "tel:" not in barred


@pytest.mark.parametrize("stage", [Stage.INQUIRY, Stage.NURTURING, Stage.QUALIFIED, Stage.WORKING, Stage.OPPORTUNITY])
def test_a_call_is_logged_at_any_stage_with_a_next_step(cast: Cast, stage: Stage) -> None:
    lead = opened(cast, known(1, "+49 30 5550101"), stage=stage)[1]
    said = press(as_user(cast, "mira"), lead, "no_answer")
    assert "No answer. Call again, attempt 2 of 6: Mon 2 Mar, 12:30" in said
    (done,) = activities([lead])[lead]
    assert (str(done.kind), done.outcome, done.contacted) == ("call", "no_answer", False)
    assert owed(lead)["next_step"].due_at == datetime(2026, 3, 2, 11, 30, tzinfo=UTC)
    assert 'data-record="lead-' not in said  # nobody else is to be called


def test_the_answer_brings_the_next_call_and_undo_the_last_one(cast: Cast) -> None:
    ids = opened(cast, *numbered(3))
    mira = as_user(cast, "mira")
    first, second = re.findall(r'id="lead-(\d+)"', page(mira))[:2]
    assert {int(first), int(second)} <= set(ids.values())
    said = press(mira, int(first), "talked", note="Wants a drawing")
    assert f'data-record="lead-{second}"' in said
    assert len(listed(said)) == 2
    undo = re.search(r'hx-post="(/calls/undo/\d+[^"]*)"', said)
    assert undo
    back = unescape(mira.post(undo[1]).content.decode())
    assert f'data-record="lead-{first}"' in back
    assert len(listed(back)) == 3
    assert activities([int(first)])[int(first)] == []


def test_six_attempts_spread_over_days_and_then_somebody_decides(cast: Cast) -> None:
    lead = opened(cast, known(1, "+49 30 5550101"))[1]
    moment, attempts = MONDAY, []
    for _ in range(6):
        with clock.at(moment):
            client = as_user(cast, "mira")
            assert listed(page(client)) == ["Dana Nr1"], moment
            said = press(client, lead, "voicemail")
            attempts.append(moment)
            moment = owed(lead)["next_step"].due_at
            assert listed(page(client)) == []
    assert "write, recycle or give up" in said
    hours = {(one.hour + 1) for one in attempts}
    assert len(hours) >= 3
    assert (attempts[-1] - attempts[0]).days >= 5
    with clock.at(moment + timedelta(days=1)):
        client = as_user(cast, "mira")
        assert listed(page(client)) == []
        assert "Six attempts reached nobody" in page(client, "/calls?place=spent")


def test_a_wrong_number_is_nobodys_and_undo_gives_it_back(cast: Cast) -> None:
    lead = opened(cast, known(1, "+49 30 5550101"))[1]
    other = people.remember([known(2, "+49 30 5550101")], **BY)[2]
    mira = as_user(cast, "mira")
    said = press(mira, lead, "wrong_number")
    (person,) = {one.person_id for one in activities([lead])[lead]}
    assert reachable([person], Channel.CALL, "transactional")[person].address is None
    assert reachable([other], Channel.CALL, "transactional")[other].address == "+49 30 5550101"
    assert "Find the right number" in said
    assert listed(page(mira, "/calls?place=barred")) == ["Dana Nr1"]
    undo = re.search(r'hx-post="(/calls/undo/\d+[^"]*)"', said)
    assert undo
    mira.post(undo[1])
    assert [point.bad_since for point in contact_points([person])[person]] == [None]
    assert listed(page(mira)) == ["Dana Nr1"]


def test_whoever_wants_no_calls_is_called_by_nobody(cast: Cast) -> None:
    lead = opened(cast, known(1, "+49 30 5550101"))[1]
    mira = as_user(cast, "mira")
    assert "the number stays barred" in press(mira, lead, "do_not_call")
    barred = page(mira, "/calls?place=barred")
    assert listed(barred) == ["Dana Nr1"]
    assert "The number may not be called" in barred


def test_later_puts_the_call_off_and_leaves_what_else_is_owed(cast: Cast) -> None:
    lead = opened(cast, known(1, "+49 30 5550101"))[1]
    mira = as_user(cast, "mira")
    before = {kind: row.due_at for kind, row in owed(lead).items()}
    said = unescape(mira.post(f"/calls/{lead}/later").content.decode())
    assert "Put off: Mon 2 Mar, 12:00" in said
    after = {kind: row.due_at for kind, row in owed(lead).items()}
    assert after == {**before, "next_step": MONDAY + timedelta(hours=2)}
    assert listed(page(mira, "/calls?place=later")) == ["Dana Nr1"]
    with clock.at(MONDAY + timedelta(hours=3)):
        assert listed(page(as_user(cast, "mira"))) == ["Dana Nr1"]


def test_an_own_next_step_goes_before_the_rules(cast: Cast) -> None:
    lead = opened(cast, known(1, "+49 30 5550101"), stage=Stage.WORKING)[1]
    press(as_user(cast, "mira"), lead, "booked_meeting", next_at="2026-03-05T14:00", next_note="Meet in Kiel")
    step = owed(lead)["next_step"]
    assert (step.due_at, step.note) == (datetime(2026, 3, 5, 13, 0, tzinfo=UTC), "Meet in Kiel")


@pytest.mark.parametrize(
    ("sent", "problem"),
    [({"outcome": "shouted"}, "not one of the available"), ({"outcome": "talked", "next_at": "x"}, "Type a day")],
)
def test_what_cannot_be_read_is_said(cast: Cast, sent: dict[str, str], problem: str) -> None:
    lead = opened(cast, known(1, "+49 30 5550101"))[1]
    answer = as_user(cast, "mira").post(f"/calls/{lead}/outcome", sent)
    assert answer.status_code == 422
    assert problem in answer.content.decode()
    assert activities([lead])[lead] == []


def test_the_counts_of_today_open_their_rows(cast: Cast) -> None:
    ids = list(opened(cast, *numbered(4)).values())
    mira = as_user(cast, "mira")
    for lead, outcome in zip(ids, ("talked", "booked_meeting", "no_answer", "talked"), strict=True):
        press(mira, lead, outcome)
    found = figures(page(mira))
    assert sorted(found.values()) == [1, 2, 4]
    for url, value in found.items():
        assert f'data-rows-total="{value}"' in mira.get(url).content.decode(), url


def test_others_leads_are_not_called(cast: Cast) -> None:
    lead = opened(cast, known(1, "+49 30 5550101"), owner="sam", stage=Stage.WORKING)[1]
    kim = as_user(cast, "kim")
    assert listed(page(kim)) == []
    assert kim.get(f"/calls/{lead}").status_code == 404
    assert kim.post(f"/calls/{lead}/outcome", {"outcome": "talked"}).status_code == 404
    assert activities([lead])[lead] == []


def test_the_card_reads_the_guide_in_the_persons_language_and_content_people_change_it(cast: Cast) -> None:
    opened(cast, known(1, "+49 30 5550101", language="de"), known(2, "+49 30 5550102"))
    mira, tomas = as_user(cast, "mira"), as_user(cast, "tomas")
    html = page(mira)
    assert "Guten Tag Dana Nr1, hier ist Mira Costa von" in html
    assert "/calls/guide" not in html
    assert mira.get("/calls/guide").status_code == 403
    assert "Open" in page(tomas, "/calls/guide")
    answer = tomas.post("/calls/guide", {"language": "de", "body": "**Los**\nHallo {{ person.name | Sie }}!"})
    assert answer.status_code == 302
    assert "Hallo Dana Nr1!" in page(mira)
    wrong = tomas.post("/calls/guide", {"language": "de", "body": "{{ lead.x | y }}"})
    assert wrong.status_code == 422
    assert "ead.x is no merge field" in wrong.content.decode()


def test_the_page_asks_little_however_long_the_queue(cast: Cast) -> None:
    def asked() -> int:
        client = as_user(cast, "mira")
        with CaptureQueriesContext(connection) as seen:
            page(client)
        return sum("agreement_agreement" not in one["sql"] for one in seen)

    ids = opened(cast, *numbered(2))
    press(as_user(cast, "mira"), ids[0], "talked")
    page(as_user(cast, "mira"))  # labels are kept from now on
    few = asked()
    opened(cast, *numbered(30, start=10))
    assert asked() == few
    assert few <= 20
