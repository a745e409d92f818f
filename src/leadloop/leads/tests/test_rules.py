"""The rules alone: no database, no clock."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.agreement.contracts import Terms
from leadloop.agreement.standard import Keepers, clauses
from leadloop.kernel.clock import WorkCalendar
from leadloop.leads.contracts import CLOSED_STAGES, OPEN_STAGES, Move, PromiseState, Pursuit, Stage
from leadloop.leads.rules import (
    FOLLOW_UP,
    MOVES,
    OWED,
    STAGE_PROMISE,
    DueTimes,
    MoveFacts,
    due,
    exception_at_opening,
    exception_of,
    first_promises,
    first_stage,
    grade,
    may_move,
    needed_uses,
    promise_for,
    settle,
)
from leadloop.leads.rules.owning import owner_after

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KEEPERS = Keepers(capture=1, qualification=2, nurturing=3, distribution=4, selling=5, tracking=6, deputy=7)
TERMS = Terms(version=1, in_force_from=NOW, clauses=clauses(KEEPERS))
OFFICE = WorkCalendar("Europe/Berlin", (((time(9), time(17, 30)),),) * 5 + ((), ()))

stages = st.sampled_from(list(Stage))
open_stages = st.sampled_from(OPEN_STAGES)
reasons = st.sampled_from(["", *TERMS.clauses.reasons])


def judged(before: Stage, to: Stage, **more: object) -> tuple[bool, list[str]]:
    closed = {"closed_at": NOW} if before in CLOSED_STAGES else {}
    decision = may_move(MoveFacts(before, **closed), Move(lead_id=1, to=to, **more), TERMS, NOW)
    return decision.outcome, [reason.code for reason in decision.reasons]


@pytest.mark.parametrize(
    ("before", "to"),
    [
        (Stage.INQUIRY, Stage.NURTURING),
        (Stage.INQUIRY, Stage.QUALIFIED),
        (Stage.NURTURING, Stage.QUALIFIED),
        (Stage.QUALIFIED, Stage.ASSIGNED),
        (Stage.ASSIGNED, Stage.ACCEPTED),
        (Stage.ACCEPTED, Stage.WORKING),
        (Stage.WORKING, Stage.OPPORTUNITY),
    ],
)
def test_the_ordinary_way_needs_no_reason(before: Stage, to: Stage) -> None:
    assert judged(before, to) == (True, ["move"])


@pytest.mark.parametrize(
    ("before", "to", "reason"),
    [
        (Stage.OPPORTUNITY, Stage.WON, "bought"),
        (Stage.WORKING, Stage.LOST, "price"),
        (Stage.INQUIRY, Stage.DISQUALIFIED, "junk"),
        (Stage.ASSIGNED, Stage.QUALIFIED, "not_my_area"),
        (Stage.ASSIGNED, Stage.QUALIFIED, "not_worked"),
        (Stage.ASSIGNED, Stage.NURTURING, "not_now"),
        (Stage.WORKING, Stage.NURTURING, "went_silent"),
        (Stage.OPPORTUNITY, Stage.NURTURING, "price"),
        (Stage.ACCEPTED, Stage.OPPORTUNITY, "called_ahead"),
    ],
)
def test_going_back_closing_and_skipping_need_the_right_reason(before: Stage, to: Stage, reason: str) -> None:
    assert judged(before, to, reason=reason)[0]
    assert not judged(before, to)[0]
    assert not judged(before, to, reason="same_person")[0]


def test_a_refusal_says_which_reasons_there_are() -> None:
    decision = may_move(MoveFacts(Stage.WORKING), Move(lead_id=1, to=Stage.LOST, reason="junk"), TERMS, NOW)
    (reason,) = decision.reasons
    assert reason.code == "needs_reason"
    assert reason.text.startswith("Give a reason for losing: ")
    assert "Price" in reason.text
    assert "Junk" not in reason.text


def test_an_unknown_code_is_refused_even_where_none_is_needed() -> None:
    assert judged(Stage.QUALIFIED, Stage.ASSIGNED, reason="because") == (False, ["unknown_reason"])


def test_winning_from_afar_needs_two_reasons() -> None:
    assert judged(Stage.ACCEPTED, Stage.WON, reason="bought") == (False, ["needs_skip_reason"])
    assert judged(Stage.ACCEPTED, Stage.WON, reason="bought", exception_code="called_ahead")[0]


def test_nobody_stays_where_they_are_and_nothing_leads_out_of_a_merge() -> None:
    assert judged(Stage.WORKING, Stage.WORKING) == (False, ["same_stage"])
    assert judged(Stage.MERGED, Stage.NURTURING) == (False, ["no_such_move"])
    assert judged(Stage.WORKING, Stage.INQUIRY) == (False, ["no_such_move"])


def test_a_closed_lead_may_be_taken_up_again_in_time_and_only_without_a_twin() -> None:
    days = timedelta(days=TERMS.clauses.reopen_days)
    move = Move(lead_id=1, to=Stage.WORKING)

    def reopening(**more: object) -> bool:
        return may_move(MoveFacts(Stage.LOST, **more), move, TERMS, NOW).outcome

    assert reopening(closed_at=NOW - days)
    assert not reopening(closed_at=NOW - days - timedelta(seconds=1))
    assert not reopening(closed_at=NOW, has_open_twin=True)


def test_only_a_lead_handed_over_unqualified_carries_the_exception() -> None:
    def carried(before: Stage, to: Stage) -> str:
        return exception_of(before, Move(lead_id=1, to=to, exception_code="asked_for_sales"), TERMS)

    assert carried(Stage.INQUIRY, Stage.ASSIGNED) == "asked_for_sales"
    assert carried(Stage.NURTURING, Stage.WORKING) == "asked_for_sales"
    assert carried(Stage.QUALIFIED, Stage.ASSIGNED) == ""
    assert carried(Stage.QUALIFIED, Stage.WORKING) == ""
    assert carried(Stage.INQUIRY, Stage.QUALIFIED) == ""


@given(stages, stages, reasons, reasons)
def test_every_permitted_move_is_in_the_table_and_has_the_reason_it_asks_for(
    before: Stage, to: Stage, reason: str, exception: str
) -> None:
    permitted, codes = judged(before, to, reason=reason, exception_code=exception)
    assert codes  # every decision is explained
    if permitted:
        uses = needed_uses(before, to)
        assert to in MOVES[before]
        assert not uses or set(uses) & set(TERMS.clauses.reasons[reason].uses)


@given(open_stages, stages, reasons)
def test_a_move_settles_everything_that_the_new_stage_does_not_owe(before: Stage, to: Stage, reason: str) -> None:
    move = Move(lead_id=1, to=to, reason=reason)
    made = "" if to in CLOSED_STAGES else promise_for(before, move, TERMS, NOW)[0]
    for kind in TERMS.clauses.promises:
        state = settle(kind, before, move, TERMS, made)
        runs_on = to in OPEN_STAGES and kind in OWED[to] and kind != made
        assert (state is PromiseState.RUNNING) == runs_on


def test_every_open_stage_has_something_to_promise_and_to_follow_up() -> None:
    assert set(STAGE_PROMISE) == set(FOLLOW_UP) == set(OWED) == set(OPEN_STAGES)
    assert {*STAGE_PROMISE.values(), *FOLLOW_UP.values()} <= set(TERMS.clauses.promises)
    assert set(MOVES) == set(Stage)


@pytest.mark.parametrize(
    ("kind", "before", "to", "reason", "state"),
    [
        ("qualify", Stage.INQUIRY, Stage.QUALIFIED, "", "kept"),  # judged
        ("qualify", Stage.INQUIRY, Stage.DISQUALIFIED, "junk", "kept"),
        ("accept", Stage.ASSIGNED, Stage.ACCEPTED, "", "kept"),
        ("accept", Stage.ASSIGNED, Stage.QUALIFIED, "not_my_area", "kept"),  # rejecting is an answer
        ("accept", Stage.ASSIGNED, Stage.QUALIFIED, "not_worked", "dropped"),  # being passed over is none
        ("reply", Stage.INQUIRY, Stage.ASSIGNED, "", "running"),  # the new owner owes it
        ("reply", Stage.INQUIRY, Stage.NURTURING, "", "dropped"),
        ("contact", Stage.ACCEPTED, Stage.WORKING, "", "running"),  # a changed stage is no contact
        ("contact", Stage.WORKING, Stage.LOST, "price", "dropped"),
        ("next_step", Stage.WORKING, Stage.OPPORTUNITY, "", "kept"),
        ("next_step", Stage.WORKING, Stage.NURTURING, "not_now", "dropped"),
        ("next_step", Stage.OPPORTUNITY, Stage.WON, "bought", "kept"),
        ("wake", Stage.NURTURING, Stage.QUALIFIED, "", "kept"),
        ("nurture", Stage.NURTURING, Stage.QUALIFIED, "", "dropped"),
        ("next_step", Stage.WORKING, Stage.MERGED, "same_person", "dropped"),
    ],
)
def test_what_a_move_settles(kind: str, before: Stage, to: Stage, reason: str, state: str) -> None:
    made = "" if to in CLOSED_STAGES else STAGE_PROMISE[to]
    assert settle(kind, before, Move(lead_id=1, to=to, reason=reason), TERMS, made) == state


def test_a_recycled_lead_is_woken_when_its_reason_says() -> None:
    def promised(before: Stage, **more: object) -> tuple[str, datetime | None]:
        return promise_for(before, Move(lead_id=1, to=Stage.NURTURING, **more), TERMS, NOW)

    later = NOW + timedelta(days=5)
    assert promised(Stage.WORKING, reason="not_now") == ("wake", NOW + timedelta(days=90))
    assert promised(Stage.WORKING, reason="not_now", due_at=later) == ("wake", later)
    assert promised(Stage.ASSIGNED, reason="no_need") == ("wake", None)  # the agreement's own time
    assert promised(Stage.INQUIRY) == ("nurture", None)
    assert promised(Stage.INQUIRY, due_at=later, promise="wake") == ("wake", later)


def test_a_promise_in_working_time_waits_over_the_weekend_and_one_in_clock_time_does_not() -> None:
    friday = datetime(2026, 3, 6, 15, 30, tzinfo=UTC)  # 16:30 in Berlin, an hour before closing
    promises = TERMS.clauses.promises
    assert due(promises["reply"], friday, OFFICE) == datetime(2026, 3, 9, 11, 0, tzinfo=UTC)
    assert due(promises["nurture"], friday, OFFICE) == friday + timedelta(days=7)


def test_working_time_passes_over_a_holiday_and_the_end_of_the_year() -> None:
    new_year = WorkCalendar(OFFICE.zone, OFFICE.week, frozenset({datetime(2027, 1, 1, tzinfo=UTC).date()}))
    thursday = datetime(2026, 12, 31, 15, 30, tzinfo=UTC)
    assert due(TERMS.clauses.promises["reply"], thursday, new_year) == datetime(2027, 1, 4, 11, 0, tzinfo=UTC)


@given(st.sampled_from([kind for kind, clause in TERMS.clauses.promises.items() if clause.working_time]))
def test_due_times_are_the_same_for_everybody_with_the_same_calendar(kind: str) -> None:
    due_times = DueTimes(TERMS, {1: OFFICE, 2: OFFICE}, NOW)
    assert due_times(kind, 1) == due_times(kind, 2) == due(TERMS.clauses.promises[kind], NOW, OFFICE)


def test_promises_of_a_new_lead_come_earliest_first() -> None:
    pursuit = Pursuit(ref=1, person_id=1, interest_id=1, happened_at=NOW)
    due_times = DueTimes(TERMS, {2: OFFICE}, NOW)
    assert [one.kind for one in first_promises(pursuit, Stage.INQUIRY, 2, 2, due_times)] == ["reply", "qualify"]


def test_what_goes_to_sales_at_once_is_judged_by_nobody_but_owes_something_at_every_moment() -> None:
    def owed(stage: Stage, **more: object) -> list[str]:
        pursuit = Pursuit(ref=1, person_id=1, interest_id=1, happened_at=NOW, handover="all_inquiries", **more)
        return [one.kind for one in first_promises(pursuit, stage, 2, 2, DueTimes(TERMS, {2: OFFICE}, NOW))]

    assert owed(Stage.INQUIRY) == ["reply"]
    assert owed(Stage.INQUIRY, reply_owed=False) == ["qualify"]
    assert owed(Stage.WORKING) == ["next_step"]


def test_where_pursuits_begin() -> None:
    def beginning(**more: object) -> tuple[Stage, str]:
        pursuit = Pursuit(ref=1, person_id=1, interest_id=1, happened_at=NOW, **more)
        stage = first_stage(pursuit)
        return stage, exception_at_opening(pursuit, stage)

    assert beginning() == (Stage.INQUIRY, "")
    assert beginning(stage=Stage.QUALIFIED) == (Stage.QUALIFIED, "")
    assert beginning(stage=Stage.ACCEPTED) == (Stage.ACCEPTED, "imported_stage")
    assert beginning(handover="sales_owned", owner_id=9) == (Stage.WORKING, "own_prospect")
    assert beginning(handover="sales_owned") == (Stage.INQUIRY, "")  # nobody to work it
    assert beginning(closed_as=Stage.WON) == (Stage.WON, "")


def test_who_answers_after_a_move() -> None:
    active = {2, 3, 4, 7, 8, 9}

    def owner(to: Stage, before: int = 9, **more: int) -> int | None:
        return owner_after(Move(lead_id=1, to=to, **more), before, TERMS, active)

    assert owner(Stage.ASSIGNED, owner_id=8) == 8
    assert owner(Stage.ASSIGNED, owner_id=77) is None  # nobody who works here
    assert owner(Stage.ACCEPTED) == 9
    assert owner(Stage.QUALIFIED) == 4  # its keeper, whoever had it
    assert owner(Stage.NURTURING) == 3
    assert owner(Stage.NURTURING, owner_id=9) == 9
    assert owner(Stage.ACCEPTED, before=77) == 7  # the keeper of selling has left too: the deputy
    assert owner(Stage.LOST, before=77) == 77  # closed under whoever had it


@pytest.mark.parametrize(
    ("fit", "letter"), [(100, "A"), (75, "A"), (74, "B"), (55, "B"), (54, "C"), (35, "C"), (34, "D"), (0, "D")]
)
def test_letters_of_fit(fit: int, letter: str) -> None:
    assert grade(fit) == letter
