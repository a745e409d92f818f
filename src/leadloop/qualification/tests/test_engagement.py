"""Engagement decays continuously and exactly, without anything being recomputed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import inf, isclose, log2

from hypothesis import given
from hypothesis import strategies as st

from leadloop.qualification.rules import engagement_now, log_add, rebase, touch_log

BEGIN = datetime(2020, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 3, 2, tzinfo=UTC)
DAY = timedelta(days=1)

weights = st.floats(0.1, 1000)
days_ago = st.floats(0, 700)
half_lives = st.floats(7, 365)
touches = st.lists(st.tuples(weights, days_ago.map(lambda days: NOW - days * DAY)), min_size=1, max_size=30)


def kept(some: list[tuple[float, datetime]], half_life: float) -> float | None:
    """S after these touches, as it is kept: one addition each."""
    total = None
    for weight, at in some:
        total = log_add(total, touch_log(weight, at, half_life))
    return total


def summed(some: list[tuple[float, datetime]], at: datetime, half_life: float) -> float:
    """The decayed sum by its definition."""
    return sum(weight * 0.5 ** ((at - then) / (half_life * DAY)) for weight, then in some)


@given(touches, half_lives, st.floats(-30, 400))
def test_it_is_the_decayed_sum_at_any_moment(
    some: list[tuple[float, datetime]], half_life: float, days_on: float
) -> None:
    moment = NOW + days_on * DAY
    assert isclose(
        engagement_now(kept(some, half_life), moment, half_life), summed(some, moment, half_life), rel_tol=1e-9
    )


@given(touches, half_lives, st.randoms(use_true_random=False))
def test_the_order_in_which_touches_arrive_does_not_matter(
    some: list[tuple[float, datetime]], half_life: float, random: object
) -> None:
    shuffled = list(some)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert isclose(kept(some, half_life) or 0, kept(shuffled, half_life) or 0, abs_tol=1e-9)


@given(touches, touches, half_lives, st.floats(0, 4000))
def test_who_is_ahead_stays_ahead(
    one: list[tuple[float, datetime]], other: list[tuple[float, datetime]], half_life: float, days_on: float
) -> None:
    a, b = kept(one, half_life) or 0, kept(other, half_life) or 0
    moment = NOW + days_on * DAY
    if abs(a - b) > 1e-9:
        assert (a > b) == (engagement_now(a, moment, half_life) > engagement_now(b, moment, half_life))


@given(touches, half_lives, half_lives)
def test_another_half_life_leaves_todays_engagement(
    some: list[tuple[float, datetime]], before: float, after: float
) -> None:
    s = kept(some, before) or 0
    moved = s + rebase(NOW, before, after)
    assert isclose(engagement_now(moved, NOW, after), engagement_now(s, NOW, before), rel_tol=1e-8)


@given(st.floats(-1000, 1000), st.floats(-1000, 1000))
def test_adding_is_the_same_both_ways_and_never_less_than_either(one: float, other: float) -> None:
    total = log_add(one, other)
    assert total is not None
    assert total == log_add(other, one)
    assert max(one, other) <= total <= max(one, other) + 1


def test_it_halves_every_half_life() -> None:
    s = touch_log(30, NOW, 30)
    assert isclose(engagement_now(s, NOW, 30), 30)
    assert isclose(engagement_now(s, NOW + 30 * DAY, 30), 15)
    assert isclose(engagement_now(s, NOW + 60 * DAY, 30), 7.5)


def test_nothing_is_nothing() -> None:
    assert engagement_now(None, NOW, 30) == 0
    assert touch_log(0, NOW, 30) is None
    assert log_add(None, None) is None
    assert log_add(None, 5.0) == log_add(5.0, None) == 5.0
    assert log_add(5.0, -inf) == 5.0
    assert log_add(5.0, 5.0) == 6.0


def test_a_threshold_today_is_a_threshold_on_what_is_kept() -> None:
    """So an ordinary index answers "engaged at least so much now"."""
    s = touch_log(30, NOW - 10 * DAY, 30) or 0
    least = log2(20) + NOW.timestamp() / (30 * 86_400)
    assert (s >= least) == (engagement_now(s, NOW, 30) >= 20)
