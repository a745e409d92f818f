"""Engagement that decays without a job: forward decay (Cormode et al., Forward Decay, ICDE 2009).

A touch of weight w at time t adds w·2^(t/h) to the lead's sum, h being the half-life. What is kept is S, the base-2
logarithm of that sum; the engagement at any moment is 2^(S - t/h), and ordering by S is ordering by it.
"""

from __future__ import annotations

from datetime import datetime
from math import log2

DAY = 86_400.0


def touch_log(weight: float, at: datetime, half_life_days: float) -> float | None:
    """A touch as a base-2 logarithm on the common scale: log2(w · 2^(t/h)) = log2 w + t/h. None without weight."""
    return log2(weight) + _half_lives(at, half_life_days) if weight > 0 else None


def log_add(one: float | None, other: float | None) -> float | None:
    """log2(2^one + 2^other), without ever forming the huge powers. None stands for nothing yet."""
    if one is None or other is None:
        return one if other is None else other
    high, low = (one, other) if one >= other else (other, one)
    return high + log2(1 + 2 ** (low - high))


def engagement_now(s: float | None, now: datetime, half_life_days: float) -> float:
    """The decayed sum at a moment, in points: 2^(S - t/h). 0 for a lead that nobody touched."""
    return 0.0 if s is None else 2 ** (s - _half_lives(now, half_life_days))


def rebase(now: datetime, before_days: float, after_days: float) -> float:
    """What to add to every S when the half-life changes, so that today's engagement stays: t/h_after - t/h_before."""
    return _half_lives(now, after_days) - _half_lives(now, before_days)


def _half_lives(at: datetime, half_life_days: float) -> float:
    return at.timestamp() / (half_life_days * DAY)
