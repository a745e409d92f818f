"""Somebody raises a hand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.kernel.errors import Invalid, Unavailable
from leadloop.leads.contracts import Pursuit, Stage
from leadloop.leads.services import open_or_join
from leadloop.leads.tests.world import DAY, SYSTEM, World, facts, owed, row
from leadloop.platform.models import User


def test_an_inquiry_has_an_owner_and_two_promises_from_the_first_moment(office: World) -> None:
    (dana,) = office.people(1)

    opened = office.raise_hand(dana, why="asked for a demo", programme_id=office.cast.programme["ads"])

    mira = office.user("mira")  # keeps the first stage
    assert (opened.outcome, opened.stage, opened.owner_id) == ("new", Stage.INQUIRY, mira)
    promised = owed(opened.lead_id)
    assert {kind: (one.owner_id, one.due_at) for kind, one in promised.items()} == {
        "reply": (mira, office.due("reply", "mira")),
        "qualify": (mira, office.due("qualify", "mira") + timedelta(hours=15, minutes=30)),  # the next working day
    }
    lead = row(opened.lead_id)
    assert (lead.due_at, lead.due_kind, opened.due_at) == (promised["reply"].due_at, "reply", lead.due_at)
    assert (lead.why, lead.touches, lead.last_touch_at) == ("asked for a demo", 1, office.now)


def test_one_fact_tells_of_the_lead_and_of_its_promises(office: World) -> None:
    (dana,) = office.people(1)
    opened = office.raise_hand(dana, source_id=office.cast.source["web"])

    ((kind, told),) = facts(opened.lead_id)
    assert (kind, told["stage"], told["promise"]) == ("lead.opened", "inquiry", "reply")
    assert told["source_id"] == office.cast.source["web"]
    assert (told["version"], told["person_id"], told["actor"]) == (1, dana, "system:intake")
    assert told["owed"] == {one.kind: one.due_at.isoformat() for one in owed(opened.lead_id).values()}


def test_the_owner_who_was_asked_for_answers_and_the_keeper_judges(office: World) -> None:
    (dana,) = office.people(1)

    opened = office.raise_hand(dana, owner_id=office.user("kim"))

    assert opened.owner_id == office.user("kim")
    assert row(opened.lead_id).team_id == office.cast.team["dach"]
    assert owed(opened.lead_id)["reply"].owner_id == office.user("kim")
    assert owed(opened.lead_id)["qualify"].owner_id == office.user("mira")


def test_a_download_waits_for_no_answer_of_a_person(office: World) -> None:
    (dana,) = office.people(1)
    opened = office.raise_hand(dana, reply_owed=False)
    assert owed(opened.lead_id).keys() == {"qualify"}


def test_a_salespersons_own_find_is_worked_at_once_and_carries_why_it_was_not_qualified(office: World) -> None:
    (dana,) = office.people(1)

    opened = office.raise_hand(dana, handover="sales_owned", owner_id=office.user("kim"), due_at=office.now + DAY)

    lead = row(opened.lead_id)
    assert (lead.stage, lead.exception_code) == (Stage.WORKING, "own_prospect")
    assert (lead.due_kind, lead.due_at) == ("next_step", office.now + DAY)
    assert facts(opened.lead_id, "lead.opened")[0][1]["reason"] == "own_prospect"


def test_a_second_inquiry_joins_the_open_lead(office: World) -> None:
    (dana,) = office.people(1)
    first = office.raise_hand(dana)
    office.later(hours=1)

    second = office.raise_hand(dana, why="asked for a price")

    assert (second.outcome, second.lead_id, second.due_at) == ("joined", first.lead_id, first.due_at)
    lead = row(first.lead_id)
    assert (lead.touches, lead.last_touch_at, lead.why) == (2, office.now, "asked for a price")
    assert [kind for kind, _ in facts(first.lead_id)][-1] == "lead.joined"


def test_another_interest_is_another_pursuit(office: World) -> None:
    (dana,) = office.people(1)
    assert office.raise_hand(dana).lead_id != office.raise_hand(dana, "pumps").lead_id


def test_who_asks_again_while_being_nurtured_is_owed_an_answer(office: World) -> None:
    lead = office.lead_in(Stage.NURTURING)
    assert lead.due_kind == "nurture"

    again = office.raise_hand(lead.person_id)

    assert again.due_at == office.due("reply", "tomas")
    assert (row(lead.id).due_kind, row(lead.id).due_at) == ("reply", again.due_at)
    assert [kind for kind, _ in facts(lead.id)][-2:] == ["lead.joined", "promise.made"]


def test_an_old_inquiry_that_is_taken_over_promises_no_answer(office: World) -> None:
    lead = office.lead_in(Stage.NURTURING)

    office.raise_hand(lead.person_id, happened_at=office.now - 40 * DAY)

    assert owed(lead.id).keys() == {"nurture"}
    assert row(lead.id).last_touch_at == office.now  # the later touch stands


def test_one_batch_with_the_same_person_twice_opens_one_lead(office: World) -> None:
    dana, omar = office.people(2)
    pursuits = [office.pursuit(one) for one in (dana, omar, dana, dana)]

    opened = office.open(pursuits)

    assert [opened[one.ref].outcome for one in pursuits] == ["new", "new", "joined", "joined"]
    assert len({one.lead_id for one in opened.values()}) == 2
    assert row(opened[pursuits[0].ref].lead_id).touches == 3


def test_a_batch_mixes_new_and_joined(office: World) -> None:
    dana, omar = office.people(2)
    known = office.raise_hand(dana)

    pursuits = [office.pursuit(one) for one in (omar, dana)]
    opened = office.open(pursuits)

    assert [opened[one.ref].outcome for one in pursuits] == ["new", "joined"]
    assert opened[pursuits[1].ref].lead_id == known.lead_id


@pytest.mark.parametrize(("days", "follows"), [(89, True), (91, False)])
def test_who_comes_back_soon_after_losing_is_followed_up_as_such(office: World, days: int, follows: bool) -> None:
    lead = office.lead_in(Stage.WORKING)
    office.move(lead.id, Stage.LOST, reason="price")
    office.later(days=days)

    again = office.raise_hand(lead.person_id)

    assert again.outcome == "new"
    told = facts(again.lead_id, "lead.opened")[0][1]
    assert told["follows_id"] == (lead.id if follows else None)


def test_business_after_a_win_is_a_new_lead_that_follows_nothing(office: World) -> None:
    lead = office.lead_in(Stage.OPPORTUNITY)
    office.move(lead.id, Stage.WON, reason="bought")

    again = office.raise_hand(lead.person_id)

    assert facts(again.lead_id, "lead.opened")[0][1]["follows_id"] is None


def test_history_is_written_closed_and_owes_nothing(office: World) -> None:
    (dana,) = office.people(1)
    raised, ended = office.now - 400 * DAY, office.now - 300 * DAY
    past = {"happened_at": raised, "closed_at": ended}

    pursuits = [
        office.pursuit(dana, closed_as=Stage.WON, **past),
        office.pursuit(dana, closed_as=Stage.LOST, close_reason="price", **past),
        office.pursuit(dana),
    ]
    opened = office.open(pursuits)

    won, lost, fresh = [row(opened[one.ref].lead_id) for one in pursuits]
    assert (won.stage, won.close_reason, won.opened_at, won.closed_at) == (Stage.WON, "imported_won", raised, ended)
    assert (lost.stage, lost.close_reason) == (Stage.LOST, "price")
    assert opened[pursuits[0].ref].due_at is None
    assert facts(won.id, "lead.opened")[0][1]["closed_at"] == ended.isoformat()
    assert fresh.stage is Stage.INQUIRY


def test_an_imported_lead_keeps_its_stage_owner_and_next_step(office: World) -> None:
    (dana,) = office.people(1)

    opened = office.raise_hand(dana, stage=Stage.ACCEPTED, owner_id=office.user("ola"), due_at=office.now + DAY)

    lead = row(opened.lead_id)
    assert (lead.stage, lead.owner_id, lead.due_kind, lead.due_at) == (
        Stage.ACCEPTED,
        office.user("ola"),
        "contact",
        office.now + DAY,
    )
    assert lead.exception_code == "imported_stage"


def test_history_needs_a_reason(office: World) -> None:
    (dana,) = office.people(1)
    with pytest.raises(Invalid, match="needs a reason"):
        office.raise_hand(dana, closed_as=Stage.DISQUALIFIED)
    with pytest.raises(Invalid, match="begin closed"):
        office.raise_hand(dana, stage=Stage.WON)


def test_somebody_who_left_owns_nothing_new(office: World) -> None:
    (dana,) = office.people(1)
    User.objects.filter(id=office.user("kim")).update(is_active=False)

    assert office.raise_hand(dana, owner_id=office.user("kim")).owner_id == office.user("mira")


def test_the_deputy_steps_in_for_a_keeper_who_left_and_nobody_else_does(office: World) -> None:
    dana, omar = office.people(2)
    User.objects.filter(id=office.user("mira")).update(is_active=False)
    assert office.raise_hand(dana).owner_id == office.user("ines")

    User.objects.filter(id=office.user("ines")).update(is_active=False)
    with pytest.raises(Unavailable, match="answers for"):
        office.raise_hand(omar)


def test_a_clock_that_runs_ahead_does_not_open_leads_in_the_future(office: World) -> None:
    (dana,) = office.people(1)
    opened = office.raise_hand(dana, happened_at=office.now + DAY)
    assert row(opened.lead_id).opened_at == office.now


def test_nobody_is_nobody(office: World) -> None:
    assert office.open([]) == {}


@pytest.mark.parametrize("number", [1, 300])
def test_opening_and_joining_cost_the_same_number_of_queries_for_any_number(office: World, number: int) -> None:
    people = office.people(number)
    with CaptureQueriesContext(
        connection,
    ) as opening:
        office.open([office.pursuit(one) for one in people])
    with CaptureQueriesContext(connection) as joining:
        office.open([office.pursuit(one) for one in people])
    transaction = 2  # the savepoint that a transaction of its own would be
    assert len(opening) - transaction == 5  # users, calendars, leads, promises, facts
    assert len(joining) - transaction == 7  # the same, the join, and calendars of those who owe the answers


def test_opening_asks_only_for_what_a_pursuit_is(office: World) -> None:
    (dana,) = office.people(1)
    twice = Pursuit(ref=1, person_id=dana, interest_id=office.cast.interest["general"], happened_at=office.now)
    with pytest.raises(Invalid, match="same reference"):
        open_or_join([twice, twice], terms=office.terms, actor=SYSTEM, now=office.now)
