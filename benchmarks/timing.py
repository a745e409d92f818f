"""Taking times, and what they come to."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Sequence

RUNS = 5


def seconds(work: Callable[[], object]) -> float:
    """How long this takes by the clock on the wall."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def median(figures: Sequence[float]) -> float:
    """The middle one."""
    return statistics.median(figures)


def percentile(figures: Sequence[float], percent: float) -> float:
    """The smallest figure that so many percent of them don't exceed."""
    ordered = sorted(figures)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def spread(figures: Sequence[float], form: str = ",.0f") -> str:
    """From the lowest to the highest, so that a disturbed machine shows."""
    return f"{min(figures):{form}} to {max(figures):{form}}"
