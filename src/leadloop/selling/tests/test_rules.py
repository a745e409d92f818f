"""What may be logged, what deals are worth, what endangers them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.kernel.errors import Invalid, LeadloopError, Refused
from leadloop.leads.contracts import PromiseKind, Stage
from leadloop.selling.contracts import ActivityIn, ActivityKind, LineIn, OpportunityRow, StageIn, StageRow, State
from leadloop.selling.outcomes import OUTCOMES, outcome_of
from leadloop.selling.rules import (
    NEEDS,
    check_activity,
    check_line,
    check_pipeline,
    is_pushed,
    line_total,
    missing_for,
    risks,
    weighted,
    worth,
)
from tests.support.cast import MONDAY

TODAY = date(2026, 3, 2)
STEP = {"next_step_at": MONDAY + timedelta(days=1), "next_step_note": "Call about the quote"}
DEAL = OpportunityRow(
    id=1,
    name="Pumps",
    company_id=1,
    person_id=1,
    owner_id=1,
    team_id=None,
    stage="contacted",
    stage_since=MONDAY,
    state=State.OPEN,
    minor=100,
    currency="EUR",
    base_minor=None,
    close_on=TODAY,
    pushed=0,
    next_step="Call",
    next_step_at=MONDAY + timedelta(hours=1),
    position=1.0,
    opened_at=MONDAY,
    closed_at=None,
    close_reason="",
)

priced = st.builds(
    LineIn,
    name=st.just("Pump"),
    quantity=st.decimals(min_value=Decimal("0.001"), max_value=Decimal(10_000), places=3),
    unit_minor=st.integers(0, 10**9),
    months=st.none() | st.integers(1, 600),
)


def refused(activity: ActivityIn, stage: Stage) -> LeadloopError:
    with pytest.raises(LeadloopError) as no:
        check_activity(activity, stage, MONDAY)
    assert no.value.mend
    return no.value


def call(outcome: str = "talked", **more: Any) -> ActivityIn:
    return ActivityIn(lead_id=1, kind=ActivityKind.CALL, outcome=outcome, **more)


@pytest.mark.parametrize("stage", [Stage.ACCEPTED, Stage.WORKING, Stage.OPPORTUNITY])
def test_a_lead_that_stays_in_sales_hands_needs_a_next_step(stage: Stage) -> None:
    assert refused(call(), stage).field == "next_step_at"
    assert check_activity(call(**STEP), stage, MONDAY).contacted
    assert check_activity(call(leaves=True), stage, MONDAY).contacted


@pytest.mark.parametrize("stage", [Stage.INQUIRY, Stage.NURTURING, Stage.QUALIFIED, Stage.LOST])
def test_inside_sales_logs_at_any_stage_without_owing_a_step(stage: Stage) -> None:
    assert check_activity(call("no_answer"), stage, MONDAY) == OUTCOMES[ActivityKind.CALL]["no_answer"]


def test_a_lead_that_waits_to_be_accepted_is_accepted_before_it_is_worked() -> None:
    no = refused(call(**STEP), Stage.ASSIGNED)
    assert isinstance(no, Refused)
    assert "Accept the lead first" in no.mend
    note = ActivityIn(lead_id=1, kind=ActivityKind.NOTE, note="Knows us from the fair")
    assert not check_activity(note, Stage.ASSIGNED, MONDAY).contacted


@pytest.mark.parametrize("kind", [kind for kind in ActivityKind if kind is not ActivityKind.NOTE])
def test_an_outcome_is_one_of_the_coded_ones(kind: ActivityKind) -> None:
    missing = refused(ActivityIn(lead_id=1, kind=kind, **STEP), Stage.WORKING)
    assert missing.field == "outcome"
    assert all(code in missing.mend for code in OUTCOMES[kind])
    assert refused(ActivityIn(lead_id=1, kind=kind, outcome="fine", **STEP), Stage.WORKING).field == "outcome"


def test_whoever_was_reached_or_written_to_has_had_their_answer() -> None:
    for known in OUTCOMES.values():
        for outcome in known.values():
            assert outcome.contacted == (set(outcome.keeps) == {PromiseKind.REPLY, PromiseKind.CONTACT})
    assert outcome_of(ActivityKind.NOTE, "talked") is None
    assert [code for code, one in OUTCOMES[ActivityKind.CALL].items() if one.no_more_calls] == ["do_not_call"]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"next_step_at": MONDAY, "next_step_note": "Call"}, "next_step_at"),
        ({"next_step_at": MONDAY + timedelta(days=1)}, "next_step_note"),
        ({"next_step_at": MONDAY + timedelta(days=1), "next_step_note": "  "}, "next_step_note"),
        ({"next_step_note": "Call"}, "next_step_at"),
        ({**STEP, "minutes": -1}, "minutes"),
        ({**STEP, "minutes": 1441}, "minutes"),
        ({**STEP, "happened_at": MONDAY + timedelta(hours=1)}, "happened_at"),
        ({**STEP, "note": "x" * 20_001}, "note"),
    ],
)
def test_what_does_not_fit_is_named(more: dict[str, Any], field: str) -> None:
    assert refused(call(**more), Stage.WORKING).field == field


def test_a_note_says_something_and_has_no_outcome() -> None:
    empty = ActivityIn(lead_id=1, kind=ActivityKind.NOTE, note=" ")
    assert refused(empty, Stage.WORKING).field == "note"
    assert refused(replace(empty, note="Hello", outcome="talked"), Stage.WORKING).field == "outcome"


@given(line=priced)
def test_a_line_is_quantity_times_price_times_term_rounded_half_to_even(line: LineIn) -> None:
    exact = line.quantity * line.unit_minor * (line.months or 1)
    assert line_total(line) == int(exact.quantize(Decimal(1), ROUND_HALF_EVEN))


def test_half_a_cent_goes_to_the_even_one() -> None:
    assert [line_total(LineIn(name="x", quantity=Decimal("0.5"), unit_minor=unit)) for unit in (1, 3, 5)] == [0, 2, 2]


@given(lines=st.lists(priced, max_size=6))
def test_the_total_is_the_sum_of_what_the_lines_show(lines: list[LineIn]) -> None:
    value = worth(lines)
    assert value.tcv == sum(map(line_total, lines))
    assert 0 <= value.acv <= value.tcv


@given(line=priced, months=st.integers(1, 600))
def test_a_year_of_a_recurring_line_is_twelve_months_or_its_whole_term(line: LineIn, months: int) -> None:
    recurring = replace(line, months=months)
    assert worth([recurring]).acv == line_total(replace(line, months=min(months, 12)))
    assert worth([replace(line, months=None)]).acv == 0


@given(minor=st.integers(0, 10**15), percent=st.integers(0, 100))
def test_the_weighted_amount_is_never_more_than_a_half_off(minor: int, percent: int) -> None:
    assert abs(weighted(minor, percent) * 100 - minor * percent) <= 50


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"quantity": Decimal(0)}, "quantity"),
        ({"quantity": Decimal("1.2345")}, "quantity"),
        ({"quantity": Decimal("NaN")}, "quantity"),
        ({"unit_minor": -1}, "unit_minor"),
        ({"months": 0}, "months"),
        ({"quantity": Decimal(10**10), "unit_minor": 10**10}, "unit_minor"),
    ],
)
def test_a_line_that_cannot_be_priced_is_refused(more: dict[str, Any], field: str) -> None:
    line = LineIn(**{"name": "Pump", "quantity": Decimal(1), "unit_minor": 100, **more})
    with pytest.raises(Invalid) as no:
        check_line(line)
    assert no.value.field == field


def test_a_deal_that_runs_well_has_no_risks() -> None:
    assert risks(DEAL, MONDAY, MONDAY, TODAY) == ()


def test_every_risk_is_said_in_words() -> None:
    now = datetime(2026, 4, 6, 9, tzinfo=UTC)
    told = risks(replace(DEAL, pushed=3), MONDAY + timedelta(days=7), now, now.date())
    assert [reason.text for reason in told] == [
        "Closing date passed 35 days ago",
        "Next step 34 days late",
        "Nothing happened for 28 days",
        "Closing date moved 3 times",
        "35 days in this stage",
    ]
    hour = risks(DEAL, None, MONDAY + timedelta(hours=2), TODAY)
    assert [reason.text for reason in hour] == ["Next step is late"]


def test_only_a_later_day_counts_as_pushed() -> None:
    assert is_pushed(TODAY, date(2026, 3, 3))
    assert not is_pushed(TODAY, date(2026, 3, 1))
    assert not is_pushed(TODAY, TODAY)


def test_a_column_names_what_a_deal_lacks() -> None:
    strict = StageRow(1, "last", "Last", 1, 90, tuple(NEEDS))
    bare = replace(DEAL, minor=0, company_id=None, person_id=None)
    assert missing_for(strict, bare, has_lines=False) == list(NEEDS)
    assert missing_for(strict, DEAL, has_lines=True) == []
    assert missing_for(replace(strict, needs=()), bare, has_lines=False) == []


@pytest.mark.parametrize(
    "stages",
    [
        [],
        [StageIn("a", "A", 1), StageIn("a", "B", 2)],
        [StageIn("a", " ", 1)],
        [StageIn("a", "A", 101)],
        [StageIn("a", "A", 1, needs=("luck",))],
        [StageIn("b", "B", 1)],
    ],
)
def test_a_board_must_be_one(stages: list[StageIn]) -> None:
    with pytest.raises(Invalid):
        check_pipeline(stages, in_use=["a"])
