"""What a deal's coming weeks are judged by, as codes."""

from __future__ import annotations

import numpy as np

from leadloop.kernel.values import dataclass
from leadloop.tracking.forecast.history import Deals, Floats, Ints, Standing

WEEK = 7.0
AGES = np.array([7, 14, 21, 28, 42, 56, 70, 84, 98, 112, 126, 154, 196, 280])  # days since it was opened
DUES = np.array([-56, -28, -14, -7, 0, 7, 14, 28, 56])  # days since the day it was expected to close
AHEADS = np.array([1, 2, 4, 8, 13])  # weeks since the moment of looking
HERE = np.array([4, 8, 15, 30, 60])  # days in its column
SIZES = (0.2, 0.4, 0.6, 0.8)  # quantiles of amounts
PUSHES = 3  # so often or more
QUARTER = 3  # months


@dataclass(frozen=True, slots=True)
class Scales:
    """How amounts, owners, products and stages are coded; learnt from the deals known at the time."""

    sizes: Floats
    owners: Ints
    products: Ints
    stages: int
    fiscal_start: int


def scales(deals: Deals, *, stages: int, fiscal_start: int) -> Scales:
    """The codes for these deals. `fiscal_start` is the first month of the fiscal year, from 1."""
    amounts = deals.amount.value[deals.amount.value > 0]
    edges = np.quantile(amounts, SIZES) if len(amounts) else np.zeros(0)
    return Scales(np.unique(edges), np.unique(deals.owner), np.unique(deals.product), stages, fiscal_start)


def sizes(known: Scales) -> dict[str, int]:
    """How many codes each covariate has."""
    return {
        "stage": known.stages,
        "age": len(AGES) + 1,
        "due": len(DUES) + 1,
        "ahead": len(AHEADS) + 1,
        "size": len(known.sizes) + 1,
        "owner": len(known.owners),
        "product": len(known.products),
        "category": 4,
        "pushed": PUSHES + 1,
        "here": len(HERE) + 1,
        "stage_ahead": known.stages * (len(AHEADS) + 1),
        "stage_due": known.stages * (len(DUES) + 1),
    }


def codes(deals: Deals, seen: Standing, row: Ints, ahead: Floats, known: Scales) -> dict[str, Ints]:
    """Codes of weeks of deals: `row` says which of `seen`, `ahead` which week from then, the first being 0.

    An unknown stage or closing day has the code -1, which counts as none.
    """
    middle = seen.at + WEEK * ahead + WEEK / 2
    place = seen.place[row]
    said = seen.due[row]
    stage = np.nan_to_num(seen.stage[row], nan=-1).astype(np.int64)
    due = np.where(np.isnan(said), -1, np.searchsorted(DUES, np.nan_to_num(middle - said)))
    weeks = np.searchsorted(AHEADS, ahead + 1)
    return {
        "stage": stage,
        "age": np.searchsorted(AGES, middle - deals.opened[place]),
        "due": due,
        "ahead": weeks,
        "here": np.where(stage < 0, -1, np.searchsorted(HERE, seen.at - np.nan_to_num(seen.since[row]))),
        "stage_ahead": np.where(stage < 0, -1, stage * (len(AHEADS) + 1) + weeks),
        "stage_due": np.where((stage < 0) | (due < 0), -1, stage * (len(DUES) + 1) + due),
        "size": np.searchsorted(known.sizes, seen.amount[row]),
        "owner": among(known.owners, deals.owner[place]),
        "product": among(known.products, deals.product[place]),
        "category": seen.category[row].astype(np.int64),
        "pushed": np.minimum(seen.pushed[row], PUSHES),
    }


def month_number(day: Floats) -> Ints:
    """Months since January 1970."""
    return np.floor(day).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def in_quarter(day: Floats, fiscal_start: int) -> Ints:
    """The month's place in its fiscal quarter, 0 to 2."""
    return (month_number(day) - (fiscal_start - 1)) % QUARTER


def among(known: Ints, wanted: Ints) -> Ints:
    """The place of each wanted value among known, sorted ones; -1 where it is not there."""
    if not len(known):
        return np.full(len(wanted), -1)
    place = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return np.where(known[place] == wanted, place, -1)
