"""Forecasts of the past, each from what was known on its day, against what came."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

import numpy as np

from leadloop.tracking.forecast import rules
from leadloop.tracking.forecast.accuracy import Point, Raw, correction
from leadloop.tracking.forecast.baselines import category_commit, run_rate, stage_weighted
from leadloop.tracking.forecast.foreseeing import Setting, corrected, foresee
from leadloop.tracking.forecast.history import Deals, Floats, known_at, won_between
from leadloop.tracking.forecast.topdown import past_months, top_down

MODEL, WEIGHTED, COMMIT, RUN_RATE = "model", "stage_weighted", "commit", "run_rate"
METHODS = (MODEL, WEIGHTED, COMMIT, RUN_RATE)
BASELINES = (WEIGHTED, COMMIT, RUN_RATE)
HORIZONS = 3  # months
USUAL_WEIGHT = (0.75, 0.6, 0.45)  # of the deal model, by month ahead, before there is a record
LAST = len(USUAL_WEIGHT) - 1
EARLIEST = 4  # months of history before the first origin

Commits = Mapping[tuple[date, date], float]  # (origin, month) → what salespeople had submitted by then, all together


@dataclass(frozen=True, slots=True)
class Course:
    """Which months are tried: each is an origin at its first moment. `last` is the last month that is over."""

    first: date
    last: date
    zone: str
    horizons: int = HORIZONS


@dataclass(slots=True)
class Tried:
    """What came of a backtest: points of every method, and the model's forecasts before correction, by month ahead."""

    points: list[Point] = field(default_factory=list)
    raw: dict[int, list[tuple[date, Raw]]] = field(default_factory=dict)


def backtest(
    deals: Deals,
    course: Course,
    setting: Setting,
    *,
    commits: Commits | None = None,
    on: Callable[[date], None] = lambda _: None,
) -> Tried:
    """Forecast every month of the course from every origin before it; the model learns from its own record on the way.

    A month counts only when it is over; the correction of an origin uses only months that were over by then.
    """
    tried = Tried()
    for origin in rules.months_from(course.first, rules.months_between(course.first, course.last) + 1):
        on(origin)
        months = rules.months_from(origin, course.horizons)
        _try(tried, deals, origin, months, course, setting, commits or {})
    return tried


def _try(
    tried: Tried,
    deals: Deals,
    origin: date,
    months: Sequence[date],
    course: Course,
    setting: Setting,
    commits: Commits,
) -> None:
    edges = np.array(rules.edges(months, course.zone))
    now = float(edges[0])
    known = known_at(deals, np.nextafter(now, 0))
    actual = [won_between(deals, start, end) for start, end in pairwise(edges)]
    over = [place for place, month in enumerate(months) if month <= course.last]
    said = _baselines(known, origin, months, edges, course, setting, commits)
    for method, values in said.items():
        tried.points += [
            Point(months[i], i, method, float(values[i]), None, None, actual[i])
            for i in over
            if not np.isnan(values[i])
        ]
    whole = np.ones((len(known), 1), dtype=np.float32)
    found = foresee(known, now, edges, whole, whole[:, :0], setting)
    if found is None:
        return
    top = top_down(*past_months(known, origin, course.zone), list(months), setting.fiscal_start)
    for i in over:
        by = correction([raw for month, raw in tried.raw.get(i, []) if month < origin], USUAL_WEIGHT[min(i, LAST)])
        better = corrected(found.runs[:, i], float(top[i]), by)[:, 0]
        low, middle, high = np.quantile(better, (0.1, 0.5, 0.9))
        tried.points.append(Point(months[i], i, MODEL, float(middle), float(low), float(high), actual[i]))
    for i in over:
        runs = found.runs[:, i, 0]
        raw = Raw(float(runs.mean()), float(runs.std()), float(top[i]), actual[i])
        tried.raw.setdefault(i, []).append((months[i], raw))


def _baselines(
    known: Deals,
    origin: date,
    months: Sequence[date],
    edges: Floats,
    course: Course,
    setting: Setting,
    commits: Commits,
) -> dict[str, Floats]:
    past = np.array(rules.edges(rules.months_from(rules.month_after(origin, -3), 3), course.zone))
    submitted = np.array([commits.get((origin, month), np.nan) for month in months])
    return {
        WEIGHTED: stage_weighted(known, float(edges[0]), edges, setting.percents),
        COMMIT: np.where(np.isnan(submitted), _category(known, edges), submitted),
        RUN_RATE: run_rate(known, past, len(months)),
    }


def _category(known: Deals, edges: Floats) -> Floats:
    """Commitment by category; nothing is said where nobody ever used one."""
    if not (known.category.value > 0).any():
        return np.full(len(edges) - 1, np.nan)
    return category_commit(known, float(edges[0]), edges)


def whole_course(deals: Deals, *, zone: str, until: float, earliest: int = EARLIEST) -> Course | None:
    """From `earliest` months after the first win to the last month over at `until`; None where there is none."""
    won = deals.closed[deals.won]
    if not len(won):
        return None
    first = rules.month_after(rules.month_at(float(won.min()), zone), earliest)
    last = rules.month_after(rules.month_at(until, zone), -1)
    return Course(first, last, zone) if first <= last else None
