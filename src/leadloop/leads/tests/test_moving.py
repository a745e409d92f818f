"""Pursuits on their way through the stages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.kernel.errors import Invalid, NotFound, Refused
from leadloop.leads.contracts import Move, Stage
from leadloop.leads.queries import promises
from leadloop.leads.services import keep
from leadloop.leads.tests.world import DAY, World, facts, owed, row, settled
from leadloop.platform.models import User


def test_a_judged_inquiry_goes_to_who_hands_over(office: World) -> None:
    lead = office.lead_in(Stage.INQUIRY)
    office.later(hours=1)

    done = office.move(lead.id, Stage.QUALIFIED)

    assert done.moved
    assert (done.before, done.stage, done.owner_id) == (Stage.INQUIRY, Stage.QUALIFIED, office.user("ines"))
    promised = owed(lead.id)
    assert promised.keys() == {"reply", "qualify"}
    assert {one.owner_id for one in promised.values()} == {office.user("ines")}
    assert promised["reply"].due_at == lead.due_at  # what the inquirer was told stands
    assert settled(lead.id) == {"qualify": "kept"}
    assert row(lead.id).stage_since == office.now


def test_a_hand_over_promises_to_accept_and_takes_the_answer_along(office: World) -> None:
    lead = office.lead_in(Stage.QUALIFIED)

    done = office.move(lead.id, Stage.ASSIGNED, owner_id=office.user("kim"))

    promised = owed(lead.id)
    assert {kind: one.owner_id for kind, one in promised.items()} == dict.fromkeys(
        ("reply", "accept"), office.user("kim")
    )
    assert (done.due_at, row(lead.id).due_kind) == (office.due("accept", "kim"), "accept")
    assert row(lead.id).team_id == office.cast.team["dach"]


def test_a_move_is_one_fact_with_everything_that_follows_from_it(office: World) -> None:
    lead = office.lead_in(Stage.QUALIFIED)

    office.move(lead.id, Stage.ASSIGNED, owner_id=office.user("kim"))

    told = facts(lead.id)[-2:]
    assert [kind for kind, _ in told] == ["lead.moved", "promise.kept"]
    moved = told[0][1]
    assert (moved["before"], moved["after"], moved["undone"]) == ("qualified", "assigned", "")
    assert (moved["owner_before_id"], moved["owner_id"]) == (office.user("ines"), office.user("kim"))
    assert (moved["promise"], moved["due_at"]) == ("accept", office.due("accept", "kim").isoformat())
    assert (moved["version"], moved["actor"]) == (1, f"user:{office.user('ines')}")


def test_accepting_owes_a_contact_which_only_evidence_keeps(office: World) -> None:
    lead = office.lead_in(Stage.ASSIGNED)
    office.move(lead.id, Stage.ACCEPTED)
    assert owed(lead.id).keys() == {"reply", "contact"}

    office.move(lead.id, Stage.WORKING)
    assert owed(lead.id).keys() == {"reply", "contact", "next_step"}

    keep([(lead.id, "contact", "activity:1"), (lead.id, "reply", "activity:1")], actor=office.by("kim"), now=office.now)
    assert owed(lead.id).keys() == {"next_step"}


def test_a_rejected_lead_goes_back_to_its_keeper_and_the_answer_is_still_owed(office: World) -> None:
    lead = office.lead_in(Stage.ASSIGNED)

    office.move(lead.id, Stage.QUALIFIED, reason="not_my_area")

    assert row(lead.id).owner_id == office.user("ines")
    assert {kind: one.owner_id for kind, one in owed(lead.id).items()} == dict.fromkeys(
        ("reply", "qualify"), office.user("ines")
    )
    assert settled(lead.id)["accept"] == "kept"
    assert row(lead.id).recycled == 0


def test_a_recycled_lead_sleeps_until_its_day_and_is_counted(office: World) -> None:
    lead = office.lead_in(Stage.WORKING)

    office.move(lead.id, Stage.NURTURING, reason="went_silent")

    again = row(lead.id)
    assert (again.recycled, again.owner_id) == (1, office.user("tomas"))
    assert (again.due_kind, again.due_at) == ("wake", office.now + 60 * DAY)
    assert owed(lead.id).keys() == {"wake"}


def test_skipping_needs_its_reason_and_leaves_its_mark(office: World) -> None:
    lead = office.lead_in(Stage.INQUIRY)
    with pytest.raises(Refused, match="leaving a stage out") as refused:
        office.move(lead.id, Stage.ASSIGNED, owner_id=office.user("kim"))
    assert [one["code"] for one in refused.value.as_dict()["reasons"]] == ["needs_skip_reason"]
    assert row(lead.id).stage is Stage.INQUIRY

    office.move(lead.id, Stage.ASSIGNED, owner_id=office.user("kim"), exception_code="portal_hands_over")

    assert row(lead.id).exception_code == "portal_hands_over"
    assert facts(lead.id, "lead.moved")[0][1]["exception"] == "portal_hands_over"


def test_the_mark_stays_when_the_lead_goes_on(office: World) -> None:
    lead = office.lead_in(Stage.INQUIRY)
    office.move(lead.id, Stage.ASSIGNED, owner_id=office.user("kim"), exception_code="portal_hands_over")
    office.move(lead.id, Stage.ACCEPTED)
    assert row(lead.id).exception_code == "portal_hands_over"
    assert facts(lead.id, "lead.moved")[-1][1]["exception"] == ""


def test_a_won_lead_owes_nothing_any_more(office: World) -> None:
    lead = office.lead_in(Stage.OPPORTUNITY)

    done = office.move(lead.id, Stage.WON, reason="bought")

    assert done.due_at is None
    won = row(lead.id)
    assert (won.stage, won.closed_at, won.close_reason, won.due_kind) == (Stage.WON, office.now, "bought", "")
    assert owed(lead.id) == {}
    assert settled(lead.id)["next_step"] == "kept"
    assert settled(lead.id)["contact"] == "dropped"


def test_a_lost_lead_can_be_taken_up_again(office: World) -> None:
    lead = office.lead_in(Stage.WORKING)
    office.move(lead.id, Stage.LOST, reason="price")
    office.later(days=3)

    office.move(lead.id, Stage.WORKING)

    again = row(lead.id)
    assert (again.stage, again.closed_at, again.close_reason) == (Stage.WORKING, None, "")
    assert owed(lead.id).keys() == {"next_step"}


def test_not_while_the_person_has_another_open_lead(office: World) -> None:
    lead = office.lead_in(Stage.WORKING)
    office.move(lead.id, Stage.LOST, reason="price")
    office.raise_hand(lead.person_id)

    with pytest.raises(Refused, match="another open lead"):
        office.move(lead.id, Stage.WORKING)


def test_whatever_passed_unnoticed_is_broken_before_it_is_settled(office: World) -> None:
    lead = office.lead_in(Stage.INQUIRY)
    office.later(days=7)

    office.move(lead.id, Stage.QUALIFIED)

    judged = next(one for one in promises([lead.id])[lead.id] if one.kind == "qualify" and one.state == "kept")
    assert judged.broken_at == judged.due_at
    (kept,) = facts(lead.id, "promise.kept")
    assert kept[1]["late_seconds"] == int((office.now - judged.due_at).total_seconds())
    assert [payload["promise"] for _, payload in facts(lead.id, "promise.broken")] == ["qualify"]


def test_one_refusal_holds_the_whole_batch_back_unless_told_otherwise(office: World) -> None:
    ready, late = office.lead_in(Stage.QUALIFIED), office.lead_in(Stage.WORKING)
    moves = [Move(lead_id=one.id, to=Stage.ASSIGNED, owner_id=office.user("ola")) for one in (ready, late)]

    with pytest.raises(Refused, match="No way leads from “In contact"):
        office.move_all(moves)
    assert row(ready.id).stage is Stage.QUALIFIED

    done = office.move_all(moves, skip_refused=True)
    assert [(one.lead_id, one.moved, one.stage) for one in done] == [
        (ready.id, True, Stage.ASSIGNED),
        (late.id, False, Stage.WORKING),
    ]
    assert [reason.code for reason in done[1].reasons] == ["no_such_move"]


def test_nobody_who_left_gets_a_lead(office: World) -> None:
    lead = office.lead_in(Stage.QUALIFIED)
    User.objects.filter(id=office.user("kim")).update(is_active=False)
    with pytest.raises(Refused, match="no active account"):
        office.move(lead.id, Stage.ASSIGNED, owner_id=office.user("kim"))


def test_a_keeper_takes_over_from_an_owner_who_left(office: World) -> None:
    lead = office.lead_in(Stage.ASSIGNED)
    User.objects.filter(id=office.user("kim")).update(is_active=False)
    assert office.move(lead.id, Stage.ACCEPTED).owner_id == office.user("grace")


def test_moves_name_leads_that_exist_and_each_once(office: World) -> None:
    lead = office.lead_in(Stage.INQUIRY)
    with pytest.raises(NotFound, match="no lead 999999999"):
        office.move(999999999, Stage.QUALIFIED)
    with pytest.raises(Invalid, match="one move at a time"):
        office.move_all([Move(lead_id=lead.id, to=Stage.QUALIFIED), Move(lead_id=lead.id, to=Stage.NURTURING)])
    assert office.move_all([]) == []


def test_what_a_caller_promises_counts_before_the_agreement(office: World) -> None:
    lead = office.lead_in(Stage.ACCEPTED)
    step = office.now + timedelta(minutes=30)

    office.move(lead.id, Stage.WORKING, due_at=step, why="called back")

    assert owed(lead.id)["next_step"].due_at == step
    assert (row(lead.id).due_kind, row(lead.id).why) == ("next_step", "called back")


@pytest.mark.parametrize("number", [1, 200])
def test_moving_costs_the_same_number_of_queries_for_any_number(office: World, number: int) -> None:
    leads = office.leads_in(Stage.QUALIFIED, ["kim"] * number)
    moves = [Move(lead_id=one.id, to=Stage.ASSIGNED, owner_id=office.user("kim")) for one in leads]
    with CaptureQueriesContext(connection) as moving:
        office.move_all(moves)
    transaction = 2
    # leads, users, promises, calendars, settled, made, headlines, facts
    assert len(moving) - transaction == 8
