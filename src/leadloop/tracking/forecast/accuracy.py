"""What was said against what came: bias, MAPE and coverage, by how far ahead it was said. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date

from leadloop.kernel.values import dataclass

INSIDE = 0.8  # share of outcomes that should lie between P10 and P90
PRIOR = 8.0  # outcomes that the uncorrected model counts as
MISS = 0.2  # log miss of both ways that is assumed of those
UNSURE = 1.2  # how much wider than its runs a forecast is before there is a record: what was learnt is unsure, too


@dataclass(frozen=True, slots=True)
class Point:
    """One forecast of one month and what came. `ahead` is in months, 0 the month it was made in.

    `low` and `high` are P10 and P90, None for a method that gives no range.
    """

    month: date
    ahead: int
    method: str
    said: float
    low: float | None
    high: float | None
    actual: float


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How one method did over `months` outcomes.

    `bias`: sum of what was said over the sum of what came, minus 1. `mape`: mean of |said − came| / came over months
    in which something came. `coverage`: share of outcomes within P10 to P90. Each None where there is nothing to say.
    """

    method: str
    ahead: int | None
    months: int
    bias: float | None
    mape: float | None
    coverage: float | None


def alike(points: Sequence[Point], method: str = "model") -> list[Point]:
    """The points of months that this method spoke for, so that all are judged by the same; all when it never spoke."""
    spoke = {(one.month, one.ahead) for one in points if one.method == method}
    return [one for one in points if not spoke or (one.month, one.ahead) in spoke]


def accuracy(points: Iterable[Point], method: str, ahead: int | None = None) -> Accuracy:
    """The record of a method, for one distance or for all (None)."""
    own = [one for one in points if one.method == method and ahead in (None, one.ahead)]
    came = sum(one.actual for one in own)
    misses = [abs(one.said - one.actual) / one.actual for one in own if one.actual > 0]
    ranged = [one.low <= one.actual <= one.high for one in own if one.low is not None and one.high is not None]
    return Accuracy(
        method=method,
        ahead=ahead,
        months=len(own),
        bias=sum(one.said for one in own) / came - 1 if came > 0 else None,
        mape=sum(misses) / len(misses) if misses else None,
        coverage=sum(ranged) / len(ranged) if ranged else None,
    )


@dataclass(frozen=True, slots=True)
class Raw:
    """A forecast before correction, of what was not yet won when it was made, and what came of that.

    `mean` and `sd` are the deal model's, `top` is what the company would bring if it went on as it did.
    """

    mean: float
    sd: float
    top: float
    actual: float


@dataclass(frozen=True, slots=True)
class Correction:
    """What the record teaches: how much the deal model counts against going on as before (`weight`, 0 to 1), by what
    their mixture is multiplied (`level`), and by what the spread of the runs is (`spread`)."""

    weight: float = 0.7
    level: float = 1.0
    spread: float = UNSURE

    def middle(self, mean: float, top: float) -> float:
        """The corrected middle: the geometric mixture of both, times the level."""
        if mean <= 0 or top <= 0:
            return max(mean, 0.0) * self.level
        return math.exp(self.weight * math.log(mean) + (1 - self.weight) * math.log(top)) * self.level


UNTRIED = Correction()


def correction(record: Sequence[Raw], usual: Correction = UNTRIED) -> Correction:
    """From past forecasts and outcomes, drawn towards `usual` as if PRIOR of them had been so.

    Weight: least squares of the log misses. Level: the mean log ratio of outcome to mixture. Spread: the root mean
    square of the misses that remain, in standard deviations of the runs.
    """
    known = [one for one in record if one.mean > 0 and one.sd > 0 and one.top > 0]
    if not known:
        return usual
    n = len(known)
    came = [math.log(max(one.actual, one.top / 20)) for one in known]
    by_deals = [said - math.log(one.mean) for said, one in zip(came, known, strict=True)]
    by_top = [said - math.log(one.top) for said, one in zip(came, known, strict=True)]
    apart = [top - deals for top, deals in zip(by_top, by_deals, strict=True)]
    pull = PRIOR * MISS**2
    weight = (pull * usual.weight + sum(t * d for t, d in zip(by_top, apart, strict=True))) / (
        pull + sum(d * d for d in apart)
    )
    weight = min(max(weight, 0.0), 1.0)
    mixed = [weight * deals + (1 - weight) * top for deals, top in zip(by_deals, by_top, strict=True)]
    level = math.exp((PRIOR * math.log(usual.level) + sum(mixed)) / (PRIOR + n))
    plain = Correction(weight, level)
    squares = 0.0
    for one in known:
        middle = plain.middle(one.mean, one.top)
        squares += min(((one.actual - middle) / (one.sd * middle / one.mean)) ** 2, 16.0)
    return Correction(weight, level, math.sqrt((PRIOR * usual.spread**2 + squares) / (PRIOR + n)))
