"""What others would have said: stage-weighted, run rate, and what salespeople commit to. Shown for comparison."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from leadloop.tracking.forecast.history import Deals, Floats, Ints, Standing, standing, won_between
from leadloop.tracking.forecast.rules import CATEGORIES

RATE_MONTHS = 3
COMMIT = CATEGORIES.index("commit")


def stage_weighted(deals: Deals, now: float, edges: Floats, percents: Sequence[int]) -> Floats:
    """Amount × chance of the column, in the month the deal is expected to close; overdue ones in the first.

    What was won since the first edge is added to the first month. A deal without a closing day counts in the first.
    NaN where it is known of no open deal in which column it stands.
    """
    seen = standing(deals, now)
    if np.isnan(seen.stage).all():
        return np.full(len(edges) - 1, np.nan)
    chance = np.append(np.asarray(percents, dtype=np.float64) / 100, 0.0)
    stage = np.nan_to_num(seen.stage, nan=len(percents)).astype(np.int64)
    return _by_month(deals, seen, seen.amount * chance[stage], now, edges)


def category_commit(deals: Deals, now: float, edges: Floats) -> Floats:
    """The amounts of deals that salespeople put into the category commit, plus what is won."""
    seen = standing(deals, now)
    return _by_month(deals, seen, np.where(seen.category == COMMIT, seen.amount, 0.0), now, edges)


def run_rate(deals: Deals, past: Floats, months: int) -> Floats:
    """The mean of the last whole months between the edges `past`, for each month to come."""
    won = [won_between(deals, start, end) for start, end in pairwise(past)]
    lately = won[-RATE_MONTHS:]
    return np.full(months, sum(lately) / len(lately) if lately else 0.0)


def _by_month(deals: Deals, seen: Standing, amount: Floats, now: float, edges: Floats) -> Floats:
    month = month_of(seen.due, edges)
    there = month < len(edges) - 1
    found = np.bincount(month[there], weights=amount[there], minlength=len(edges) - 1)
    found[0] += won_between(deals, edges[0], now)
    return np.asarray(found, dtype=np.float64)


def month_of(due: Floats, edges: Floats) -> Ints:
    """Which month each closing day lies in: overdue and unsaid ones in the first, later ones beyond the last."""
    place = np.searchsorted(edges, np.nan_to_num(due), side="right") - 1
    return np.maximum(place, 0).astype(np.int64)
