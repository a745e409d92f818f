"""Forecasts of the past, each from what was known on its day, against what came."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise

import numpy as np

from leadloop.kernel.values import dataclass
from leadloop.tracking.forecast import rules
from leadloop.tracking.forecast.accuracy import UNSURE, Correction, Point, Raw, correction
from leadloop.tracking.forecast.baselines import category_commit, run_rate, stage_weighted
from leadloop.tracking.forecast.foreseeing import Setting, corrected, foresee
from leadloop.tracking.forecast.history import Deals, Floats, known_at, won_between
from leadloop.tracking.forecast.simulate import Values
from leadloop.tracking.forecast.topdown import past_months, top_down

MODEL, WEIGHTED, COMMIT, RUN_RATE = "model", "stage_weighted", "commit", "run_rate"
METHODS = (MODEL, WEIGHTED, COMMIT, RUN_RATE)
BASELINES = (WEIGHTED, COMMIT, RUN_RATE)
HORIZONS = 3  # months
EARLIEST = 3  # months of history before the first origin
# By month ahead, before there is a record: the further off, the less the deal model counts, and the less is sure.
USUAL = (Correction(0.75), Correction(0.6, spread=UNSURE + 0.1), Correction(0.45, spread=UNSURE + 0.2))

Commits = Mapping[tuple[date, date], float]  # (origin, month) → what salespeople had submitted by then, all together


@dataclass(frozen=True, slots=True)
class Course:
    """Which months are tried: each is an origin at its first moment. `last` is the last month that is over."""

    first: date
    last: date
    zone: str
    horizons: int = HORIZONS

    @property
    def origins(self) -> list[date]:
        """Every month of the course."""
        return rules.months_from(self.first, rules.months_between(self.first, self.last) + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What was said at an origin of one month, by every method, and what came (None while the month is not over).

    `mean`, `sd` and `top` are the model's before correction; None, with the percentiles, where it could not say.
    `commit` is None where nobody had said anything, `weighted` where no columns are known.
    """

    origin: date
    month: date
    actual: float | None
    weighted: float | None
    run_rate: float
    commit: float | None
    mean: float | None = None
    sd: float | None = None
    top: float | None = None
    p10: float | None = None
    p50: float | None = None
    p90: float | None = None
    inflow: float | None = None

    @property
    def ahead(self) -> int:
        """How many months ahead it was said; 0 is the month of the origin."""
        return rules.months_between(self.origin, self.month)


def backtest(
    deals: Deals,
    course: Course,
    setting: Setting,
    *,
    commits: Commits | None = None,
    known: Iterable[Trial] = (),
    on: Callable[[date], None] = lambda _: None,
) -> list[Trial]:
    """Forecast the months of the course from every origin in it; the model learns from its own record on the way.

    The correction of an origin uses only months that were over by then. Origins that `known` trials have are not
    computed again; only new trials are returned.
    """
    record = list(known)
    there = {one.origin for one in record}
    new: list[Trial] = []
    for origin in course.origins:
        if origin not in there:
            on(origin)
            found = _try(deals, origin, course, setting, commits or {}, record + new)
            new += found
    return new


def correction_at(record: Iterable[Trial], origin: date, ahead: int) -> Correction:
    """What the record up to an origin teaches of months so far ahead."""
    raw = [
        Raw(one.mean, one.sd, one.top or 0.0, one.actual)
        for one in record
        if one.mean is not None and one.sd is not None and one.actual is not None
        if one.ahead == min(ahead, HORIZONS - 1) and one.month < origin
    ]
    return correction(raw, USUAL[min(ahead, len(USUAL) - 1)])


def points(trials: Iterable[Trial]) -> list[Point]:
    """What every method had said, of months that are over."""
    found = []
    for one in trials:
        if one.actual is not None:
            said = {MODEL: one.p50, WEIGHTED: one.weighted, COMMIT: one.commit, RUN_RATE: one.run_rate}
            ranges = {MODEL: (one.p10, one.p90)}
            found += [
                Point(one.month, one.ahead, method, value, *ranges.get(method, (None, None)), one.actual)
                for method, value in said.items()
                if value is not None
            ]
    return found


def whole_course(deals: Deals, *, zone: str, until: float, earliest: int = EARLIEST) -> Course | None:
    """From `earliest` months after the first win to the last month over at `until`; None where there is none."""
    won = deals.closed[deals.won]
    if not len(won):
        return None
    first = rules.month_after(rules.month_at(float(won.min()), zone), earliest)
    last = rules.month_after(rules.month_at(until, zone), -1)
    return Course(first, last, zone) if first <= last else None


def baselines(
    known: Deals, now: float, months: Sequence[date], zone: str, setting: Setting, commits: Sequence[float | None]
) -> list[dict[str, float | None]]:
    """What the three baselines say of months, the first of which is running, at a moment.

    `commits` are what has been submitted; where nothing has, the deals in the category commit stand for it, and None
    where nobody ever used one.
    """
    bounds = np.array(rules.edges(months, zone))
    past = np.array(rules.edges(rules.months_from(rules.month_after(months[0], -3), 3), zone))
    weighted = stage_weighted(known, now, bounds, setting.percents)
    rate = run_rate(known, past, len(months))
    category = _category(known, now, bounds)
    return [
        {
            "weighted": None if np.isnan(weighted[i]) else float(weighted[i]),
            "run_rate": float(rate[i]),
            "commit": category[i] if commits[i] is None else commits[i],
        }
        for i in range(len(months))
    ]


def _try(
    deals: Deals, origin: date, course: Course, setting: Setting, commits: Commits, record: Sequence[Trial]
) -> list[Trial]:
    months = rules.months_from(origin, course.horizons)
    edges = np.array(rules.edges(months, course.zone))
    now = float(edges[0])
    known = known_at(deals, float(np.nextafter(now, 0)))
    said = [commits.get((origin, month)) for month in months]
    plain = baselines(known, now, months, course.zone, setting, said)
    came = [
        won_between(deals, start, end) if month <= course.last else None
        for month, (start, end) in zip(months, pairwise(edges), strict=True)
    ]
    whole = np.ones((len(known), 1), dtype=np.float32)
    found = foresee(known, now, edges, whole, whole[:, :0], setting)
    top = top_down(*past_months(known, origin, course.zone), months, setting.fiscal_start)
    trials = []
    for i, month in enumerate(months):
        more: dict[str, float] = {}
        if found is not None:
            by = correction_at(record, origin, i)
            more = _said(found.runs[:, i], float(top[i]), by) | {"inflow": float(found.inflow[i])}
        trials.append(Trial(origin=origin, month=month, actual=came[i], **plain[i], **more))  # type: ignore[arg-type]  # by name
    return trials


def _said(runs: Values, top: float, by: Correction) -> dict[str, float]:
    """Percentiles after correction, and what they were made from."""
    low, middle, high = np.quantile(corrected(runs, top, by)[:, 0], (0.1, 0.5, 0.9))
    mean, sd = float(runs[:, 0].mean()), float(runs[:, 0].std())
    return {"p10": float(low), "p50": float(middle), "p90": float(high), "mean": mean, "sd": sd, "top": top}


def _category(known: Deals, now: float, edges: Floats) -> list[float | None]:
    if not (known.category.value > 0).any():
        return [None] * (len(edges) - 1)
    return [float(one) for one in category_commit(known, now, edges)]
