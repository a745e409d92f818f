"""Taking back what was done a moment ago."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.leads.contracts import LeadRow, Stage
from leadloop.leads.services import own, reschedule, restore, snapshot, stamped
from leadloop.leads.tests.world import DAY, World, facts, owed, row


def standing(lead_id: int) -> tuple[LeadRow, dict[str, tuple[int, int, object]]]:
    return row(lead_id), {kind: (one.id, one.owner_id, one.due_at) for kind, one in owed(lead_id).items()}


def undo(office: World, snapshots: list[dict[str, object]], verb: str = "move") -> list[int]:
    kept = json.loads(json.dumps(snapshots))  # it travels as JSON
    return restore(kept, verb=verb, actor=office.by("kim"), now=office.later(seconds=8))


@pytest.mark.parametrize(
    ("begin", "to", "reason"),
    [
        (Stage.ASSIGNED, Stage.ACCEPTED, ""),
        (Stage.ASSIGNED, Stage.QUALIFIED, "not_my_area"),
        (Stage.WORKING, Stage.NURTURING, "went_silent"),
        (Stage.WORKING, Stage.LOST, "price"),
        (Stage.OPPORTUNITY, Stage.WON, "bought"),
    ],
)
def test_a_move_is_taken_back_as_if_it_had_never_been(office: World, begin: Stage, to: Stage, reason: str) -> None:
    lead = office.lead_in(begin)
    before = standing(lead.id)
    taken = snapshot([lead.id])
    office.later(hours=1)
    office.move(lead.id, to, reason=reason)

    assert undo(office, stamped(taken), "accept") == []

    assert standing(lead.id) == before
    back = [payload for kind, payload in facts(lead.id, "lead.moved")][-1]
    assert (back["before"], back["after"], back["undone"], back["reason"]) == (to, begin, "accept", "undone")


def test_the_other_way_round_too(office: World) -> None:
    lead = office.lead_in(Stage.WORKING)
    office.move(lead.id, Stage.LOST, reason="price")
    before = standing(lead.id)
    taken = snapshot([lead.id])
    office.move(lead.id, Stage.WORKING)

    assert undo(office, stamped(taken), "reopen") == []
    assert standing(lead.id) == before


def test_a_hand_over_and_a_snooze_are_taken_back(office: World) -> None:
    lead = office.lead_in(Stage.WORKING)
    before = standing(lead.id)
    taken = snapshot([lead.id])
    own([(lead.id, office.user("sam"))], actor=office.by("ruth"), now=office.now)
    reschedule(lead.id, "next_step", office.now + 9 * DAY, actor=office.by("ruth"), now=office.now)

    assert undo(office, stamped(taken), "assign") == []

    assert standing(lead.id) == before
    kinds = [kind for kind, _ in facts(lead.id)]
    assert kinds[-5:] == ["lead.owned", "promise.dropped", *["promise.resumed"] * 3]


def test_who_changed_it_since_is_passed_over(office: World) -> None:
    same, changed = office.lead_in(Stage.ASSIGNED), office.lead_in(Stage.ASSIGNED)
    taken = snapshot([same.id, changed.id])
    for lead in (same, changed):
        office.move(lead.id, Stage.ACCEPTED)
    done = stamped(taken)
    office.move(changed.id, Stage.WORKING)

    assert undo(office, done) == [changed.id]
    assert (row(same.id).stage, row(changed.id).stage) == (Stage.ASSIGNED, Stage.WORKING)


def test_a_closed_lead_stays_closed_when_its_person_has_another_by_now(office: World) -> None:
    lead = office.lead_in(Stage.WORKING)
    taken = snapshot([lead.id])
    office.move(lead.id, Stage.LOST, reason="price")
    done = stamped(taken)
    office.raise_hand(lead.person_id)

    assert undo(office, done) == [lead.id]
    assert row(lead.id).stage is Stage.LOST


def test_undoing_nothing_is_nothing(office: World) -> None:
    assert undo(office, []) == []


@pytest.mark.parametrize("number", [1, 100])
def test_undoing_costs_the_same_number_of_queries_for_any_number(office: World, number: int) -> None:
    leads = office.leads_in(Stage.ASSIGNED, ["kim"] * number)
    taken = snapshot([one.id for one in leads])
    for one in leads:
        office.move(one.id, Stage.ACCEPTED)
    done = stamped(taken)
    with CaptureQueriesContext(connection) as undoing:
        undo(office, done)
    transaction = 2
    # leads, what is owed, what was owed, dropped, resumed, headlines, facts
    assert len(undoing) - transaction == 7
