"""Words and arithmetic of forecasts: fiscal months, what may be said, what the record says, when money comes in."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.kernel.errors import Invalid
from leadloop.tracking.forecast import rules
from leadloop.tracking.forecast.accuracy import Correction, Point, Raw, accuracy, alike, correction
from leadloop.tracking.forecast.cash import Due, shares

MARCH = date(2026, 3, 1)


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)), st.integers(-200, 200))
def test_months_add_up(day: date, count: int) -> None:
    month = rules.month_of(day)
    assert rules.months_between(month, rules.month_after(month, count)) == count


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)), st.integers(1, 12))
def test_a_quarter_holds_its_month_and_begins_where_the_fiscal_year_says(day: date, fiscal_start: int) -> None:
    quarter = rules.quarter_of(day, fiscal_start)
    assert rules.month_of(day) in quarter
    assert (quarter[0].month - fiscal_start) % 3 == 0


def test_a_fiscal_year_is_named_after_the_year_it_ends_in() -> None:
    assert rules.fiscal_label(MARCH, 1) == "FY2026 Q1"
    assert rules.fiscal_label(date(2026, 4, 1), 4) == "FY2027 Q1"
    assert rules.fiscal_label(MARCH, 4) == "FY2026 Q4"


def test_months_begin_at_midnight_where_the_company_is() -> None:
    first, last = rules.edges([MARCH], "Europe/Berlin")
    assert (last - first) * 24 == pytest.approx(31 * 24 - 1)  # the clocks go forward
    assert rules.month_at(first, "Europe/Berlin") == MARCH
    assert rules.month_at(first - 1e-6, "Europe/Berlin") == date(2026, 2, 1)


@pytest.mark.parametrize(
    ("commit", "best", "month", "field"),
    [
        (-1, 5, MARCH, "commit"),
        (10, 5, MARCH, "best"),
        (1, 2, date(2026, 2, 1), "month"),
        (1, 2, date(2026, 3, 2), "month"),
    ],
)
def test_what_cannot_be_submitted(commit: int, best: int, month: date, field: str) -> None:
    with pytest.raises(Invalid) as wrong:
        rules.check_submission(rules.Said(commit, best), month, date(2026, 3, 20))
    assert wrong.value.field == field


def test_an_adjustment_says_why() -> None:
    assert rules.check_adjustment("  Budget is frozen ", MARCH, MARCH) == "Budget is frozen"
    with pytest.raises(Invalid):
        rules.check_adjustment("  ", MARCH, MARCH)


def test_the_gap_is_what_is_missing() -> None:
    assert rules.gap(100, 80) == -20
    assert rules.gap(None, 80) is None


def test_the_record_counts_bias_misses_and_what_lay_in_the_range() -> None:
    points = [
        Point(MARCH, 0, "model", 110, 90, 130, 100),
        Point(MARCH, 1, "model", 90, 95, 120, 100),
        Point(MARCH, 0, "model", 200, 150, 250, 100),
        Point(MARCH, 0, "run_rate", 50, None, None, 100),
    ]
    model = accuracy(points, "model")
    assert (model.months, model.bias, model.mape, model.coverage) == (
        3,
        pytest.approx(1 / 3),
        pytest.approx(0.4),
        pytest.approx(2 / 3),
    )
    assert accuracy(points, "model", 1).mape == pytest.approx(0.1)
    assert accuracy(points, "run_rate").coverage is None
    nothing = accuracy(points, "commit")
    assert (nothing.months, nothing.bias, nothing.mape) == (0, None, None)


def test_methods_are_judged_by_the_same_months() -> None:
    points = [
        Point(MARCH, 0, "model", 110, 90, 130, 100),
        Point(MARCH, 0, "run_rate", 50, None, None, 100),
        Point(MARCH, 1, "run_rate", 900, None, None, 100),
    ]
    assert accuracy(alike(points), "run_rate").mape == pytest.approx(0.5)
    assert alike(points[1:]) == points[1:]


def test_a_model_that_is_always_a_third_too_high_is_brought_down() -> None:
    record = [Raw(mean=150.0, sd=15.0, top=150.0, actual=100.0)] * 60
    learnt = correction(record)
    assert learnt.middle(150.0, 150.0) == pytest.approx(100, rel=0.08)


def test_whoever_was_right_counts_more() -> None:
    pairs = [(100.0, 160.0), (140.0, 80.0), (90.0, 170.0), (160.0, 90.0)] * 5
    deals = correction([Raw(actual, 20.0, other, actual) for actual, other in pairs])
    whole = correction([Raw(other, 20.0, actual, actual) for actual, other in pairs])
    assert deals.weight > 0.9
    assert whole.weight < 0.2


def test_too_narrow_ranges_are_widened_and_too_wide_ones_narrowed() -> None:
    ups_and_downs = [80.0, 120.0] * 10
    assert correction([Raw(100.0, 5.0, 100.0, actual) for actual in ups_and_downs]).spread > 2
    assert correction([Raw(100.0, 80.0, 100.0, actual) for actual in ups_and_downs]).spread < 0.75


def test_without_a_record_the_usual_holds() -> None:
    assert correction([], Correction(weight=0.6, spread=1.6)) == Correction(weight=0.6, spread=1.6)
    one = correction([Raw(100.0, 20.0, 100.0, 100.0)], Correction(weight=0.6, spread=1.6))
    assert one.weight == pytest.approx(0.6)
    assert one.level == pytest.approx(1.0)
    assert 1.4 < one.spread < 1.6


LINES = st.lists(
    st.builds(
        Due,
        minor=st.integers(1, 10**9),
        months=st.none() | st.integers(1, 60),
        days=st.none() | st.integers(0, 120),
    ),
    max_size=4,
)


@given(LINES)
def test_all_the_money_comes_in_once(lines: list[Due]) -> None:
    assert sum(shares(lines, 80)) == pytest.approx(1.0)
    assert sum(shares(lines, 6)) <= 1.0 + 1e-9


def test_terms_put_money_off_and_contracts_spread_it() -> None:
    assert shares([Due(100, None, 0)], 3) == [1.0, 0.0, 0.0]
    assert shares([Due(100, None, 60)], 4) == [0.0, 0.0, 1.0, 0.0]
    assert shares([Due(1200, 12, 0)], 12) == pytest.approx([1 / 12] * 12)
    assert shares([], 3) == [0.0, 1.0, 0.0]
