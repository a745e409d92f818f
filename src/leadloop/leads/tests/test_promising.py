"""What is owed, kept, put off and broken."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.kernel.errors import NotFound, Refused
from leadloop.leads.contracts import Ask, Proof, Stage
from leadloop.leads.queries import promises
from leadloop.leads.services import break_due, drop, keep, promise, reschedule
from leadloop.leads.tests.world import DAY, World, facts, owed, row, settled


def test_an_answer_keeps_the_reply_and_the_judgement_is_next(office: World) -> None:
    lead = office.lead_in(Stage.INQUIRY)

    (kept,) = keep([Proof(lead.id, "reply", "message:7")], actor=office.by("mira"), now=office.later(hours=2))

    assert settled(lead.id) == {"reply": "kept"}
    assert row(lead.id).due_kind == "qualify"
    (told,) = facts(lead.id, "promise.kept")
    assert (told[1]["promise_id"], told[1]["evidence"], told[1]["late_seconds"]) == (kept, "message:7", 0)


def test_what_is_not_owed_is_passed_over(office: World) -> None:
    lead = office.lead_in(Stage.INQUIRY)
    proof = [Proof(lead.id, "reply", "message:7")]
    assert len(keep(proof, actor=office.by("mira"), now=office.now)) == 1
    assert keep(proof, actor=office.by("mira"), now=office.now) == []
    assert keep([Proof(lead.id, "contact", "message:8")], actor=office.by("mira"), now=office.now) == []
    assert len(facts(lead.id, "promise.kept")) == 1


def test_an_open_lead_is_never_left_without_a_next_step(office: World) -> None:
    lead = office.lead_in(Stage.WORKING)
    done = [(lead.id, kind, "activity:1") for kind in ("reply", "contact", "next_step")]

    keep(done, actor=office.by("kim"), now=office.now)

    assert owed(lead.id)["next_step"].due_at > office.now
    drop([(lead.id, "next_step")], actor=office.by("kim"), now=office.now, reason="wrong_lead")
    assert owed(lead.id).keys() == {"next_step"}


def test_one_call_keeps_and_says_what_comes_next(office: World) -> None:
    lead = office.lead_in(Stage.WORKING)
    step = office.now + 2 * DAY

    keep(
        [(lead.id, "next_step", "activity:1"), (lead.id, "contact", "activity:1"), (lead.id, "reply", "activity:1")],
        then=[Ask(lead.id, "next_step", None, step, "send the offer")],
        actor=office.by("kim"),
        now=office.now,
    )

    (left,) = owed(lead.id).values()
    assert (left.due_at, left.note, left.owner_id) == (step, "send the offer", office.user("kim"))
    assert (row(lead.id).due_at, row(lead.id).due_kind) == (step, "next_step")
    kinds = [kind for kind, _ in facts(lead.id)][-4:]
    assert kinds == ["promise.kept"] * 3 + ["promise.made"]


def test_a_new_promise_of_a_kind_takes_the_place_of_the_old(office: World) -> None:
    lead = office.lead_in(Stage.NURTURING)

    (made,) = promise([Ask(lead.id, "nurture", None, office.now + DAY)], actor=office.by("tomas"), now=office.now)

    assert owed(lead.id)["nurture"].id == made
    assert settled(lead.id)["nurture"] == "dropped"
    assert facts(lead.id, "promise.dropped")[-1][1]["reason"] == "replaced"
    assert row(lead.id).due_at == office.now + DAY


def test_the_headline_is_what_is_due_first(office: World) -> None:
    lead = office.lead_in(Stage.NURTURING)
    soon = office.now + timedelta(minutes=5)
    promise([(lead.id, "wake", office.user("kim"), soon, "")], actor=office.by("tomas"), now=office.now)
    assert (row(lead.id).due_at, row(lead.id).due_kind) == (soon, "wake")

    drop([(lead.id, "wake")], actor=office.by("tomas"), now=office.now)
    assert row(lead.id).due_kind == "nurture"


def test_nothing_is_promised_on_a_closed_lead_or_on_none(office: World) -> None:
    lead = office.lead_in(Stage.WORKING)
    office.move(lead.id, Stage.LOST, reason="price")
    with pytest.raises(Refused, match="closed lead"):
        promise([Ask(lead.id, "next_step", None, office.now)], actor=office.by("kim"), now=office.now)
    with pytest.raises(NotFound, match="no lead 999999999"):
        promise([Ask(999999999, "next_step", None, office.now)], actor=office.by("kim"), now=office.now)
    assert promise([], actor=office.by("kim"), now=office.now) == []


def test_putting_off_is_on_record_and_keeps_who_owes_it(office: World) -> None:
    lead = office.lead_in(Stage.WORKING)
    before = owed(lead.id)["next_step"]

    again = reschedule(lead.id, "next_step", before.due_at + DAY, actor=office.by("ruth"), now=office.now)

    after = owed(lead.id)["next_step"]
    assert (after.id, after.owner_id, after.due_at) == (again, before.owner_id, before.due_at + DAY)
    with pytest.raises(NotFound):
        reschedule(lead.id, "wake", office.now, actor=office.by("ruth"), now=office.now)


def test_a_promise_breaks_once_and_can_still_be_kept_late(office: World) -> None:
    lead = office.lead_in(Stage.INQUIRY)
    office.now = lead.due_at + timedelta(seconds=90)

    (broken,) = break_due(100, now=office.now)
    assert (broken.lead_id, broken.kind, broken.due_at) == (lead.id, "reply", lead.due_at)
    assert break_due(100, now=office.now + timedelta(minutes=1)) == []

    assert row(lead.id).due_at == lead.due_at  # it still leads the list
    keep([(lead.id, "reply", "message:1")], actor=office.by("mira"), now=office.now)
    assert [kind for kind, _ in facts(lead.id)][-2:] == ["promise.broken", "promise.kept"]
    assert facts(lead.id, "promise.kept")[0][1]["late_seconds"] == 90
    kept = next(one for one in promises([lead.id])[lead.id] if one.kind == "reply")
    assert (str(kept.state), kept.broken_at) == ("kept", office.now)


def test_nothing_breaks_before_its_time_and_the_most_overdue_go_first(office: World) -> None:
    first, second = office.lead_in(Stage.ASSIGNED), office.lead_in(Stage.INQUIRY)
    assert break_due(100, now=first.due_at) == []

    office.later(days=30)
    assert [one.lead_id for one in break_due(1, now=office.now)] == [first.id]
    rest = break_due(100, now=office.now)
    assert {(one.lead_id, one.kind) for one in rest} == {
        (first.id, "reply"),
        (second.id, "reply"),
        (second.id, "qualify"),
    }


def test_putting_off_a_broken_promise_does_not_heal_it(office: World) -> None:
    lead = office.lead_in(Stage.WORKING)
    office.later(days=30)
    break_due(100, now=office.now)

    reschedule(lead.id, "next_step", office.now + DAY, actor=office.by("kim"), now=office.now)

    old = next(one for one in promises([lead.id])[lead.id] if one.kind == "next_step" and one.state == "dropped")
    assert old.broken_at == office.now
    assert owed(lead.id)["next_step"].broken_at is None


@pytest.mark.parametrize("number", [1, 100])
def test_promises_cost_the_same_number_of_queries_for_any_number(office: World, number: int) -> None:
    leads = office.leads_in(Stage.WORKING, ["kim"] * number)
    step = office.now + DAY
    with CaptureQueriesContext(connection) as keeping:
        keep(
            [(one.id, kind, "activity:1") for one in leads for kind in ("reply", "contact", "next_step")],
            then=[Ask(one.id, "next_step", None, step) for one in leads],
            actor=office.by("kim"),
            now=office.now,
        )
    with CaptureQueriesContext(connection) as breaking:
        break_due(1000, now=step + DAY)
    transaction = 2
    assert len(keeping) - transaction == 6  # leads, promises, settled, made, headlines, facts
    assert len(breaking) - transaction == 2
