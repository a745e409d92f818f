"""Deals that nobody has opened yet: how many will come, and what they will bring within the months ahead."""

from __future__ import annotations

import numpy as np

from leadloop.kernel.values import dataclass
from leadloop.tracking.forecast.covariates import WEEK, among, in_quarter
from leadloop.tracking.forecast.hazard import Design, Hazards, fit, incidence
from leadloop.tracking.forecast.history import Deals, Floats, Ints
from leadloop.tracking.forecast.model import FORGET, WEEKS, Learnt

LATELY = 26  # weeks that say how many deals come
HALF = 10.0  # weeks after which a week counts half for that
RECENT = 400  # won deals at most from which amounts are drawn
SPREAD = 0.15  # relative spread of the rate itself that is assumed beforehand, as if seen over PRIOR weeks
PRIOR = 6.0


@dataclass(frozen=True, slots=True)
class Inflow:
    """What deals to come bring: for each product the mean number of wins per month (products × months).

    `marks` are places of won deals from which each product's amounts are drawn. `spread` is the relative standard
    deviation of the level that all products share in one run.
    """

    wins: Floats
    marks: tuple[Ints, ...]
    spread: float


def learn_inflow(deals: Deals, now: float, edges: Floats, learnt: Learnt) -> Inflow | None:
    """Expected wins of deals to come between the edges (days); None where no deal was ever won."""
    won = np.flatnonzero(deals.won)
    if not len(won):
        return None
    products = np.unique(deals.product)
    hazards = _hazards(deals, now, products)
    rate, spread = _rate(deals, now)
    share = _shares(deals, now, products)
    starts = now + WEEK * np.arange(int(np.ceil((edges[-1] - now) / WEEK)))
    wins = np.zeros((len(products), len(edges) - 1))
    for start in starts:
        won_by = _won_by(hazards, start + WEEK / 2, products, learnt)
        cut = np.array([_at(won_by, (edge - start) / WEEK - 0.5) for edge in edges])  # edges × products
        wins += rate * share[:, None] * np.diff(cut, axis=0).T
    return Inflow(wins, tuple(_marks(deals, won, product) for product in products), spread)


def _rate(deals: Deals, now: float) -> tuple[float, float]:
    """Deals opened a week, lately, and the relative standard deviation of the level of a month."""
    weeks = min(LATELY, int((now - deals.opened.min()) // WEEK))
    if weeks < 1:
        return 0.0, SPREAD
    back = np.floor((now - deals.opened) / WEEK)
    counts = np.bincount(back[back < weeks].astype(np.int64), minlength=weeks)[:weeks].astype(np.float64)
    weight = 0.5 ** (np.arange(weeks) / HALF)
    rate = float(weight @ counts / weight.sum())
    beyond = max(0.0, float(counts.var()) - float(counts.mean())) / max(rate, 1e-9) ** 2 / 4  # of a month, not a week
    spread = np.sqrt((PRIOR * SPREAD**2 + weeks * beyond) / (PRIOR + weeks))
    return rate, float(min(spread, 0.6))


def _shares(deals: Deals, now: float, products: Ints) -> Floats:
    """How the deals opened lately are spread over the products."""
    lately = deals.opened > now - WEEK * LATELY
    place = among(products, deals.product[lately])
    counts = np.bincount(place, minlength=len(products)).astype(np.float64) + 0.05
    return np.asarray(counts / counts.sum(), dtype=np.float64)


def _hazards(deals: Deals, now: float, products: Ints) -> Hazards:
    """Weekly chances of deals from their opening on."""
    closed = np.minimum(deals.closed, now)
    ended = (deals.closed <= now) & (deals.closed - deals.opened <= WEEK * WEEKS)
    lived = np.where(ended, np.ceil((closed - deals.opened) / WEEK), np.floor((now - deals.opened) / WEEK))
    lived = np.clip(lived, np.where(ended, 1, 0), WEEKS).astype(np.int64)
    row = np.repeat(np.arange(len(lived)), lived)
    week = np.arange(len(row)) - np.repeat(np.cumsum(lived) - lived, lived)
    last = (week == lived[row] - 1) & ended[row]
    won = deals.won[row]
    weight = 0.5 ** ((now - deals.opened[row]) / FORGET)
    given = {"week": week, "product": among(products, deals.product[row])}
    design = Design.of({"week": WEEKS, "product": len(products)})
    return fit(design, given, (last & won).astype(np.float64), (last & ~won).astype(np.float64), weight)


def _won_by(hazards: Hazards, opened: float, products: Ints, learnt: Learnt) -> Floats:
    """Chance to be won by the end of each week after opening, per product."""
    n = len(products)
    week = np.tile(np.arange(WEEKS), n)
    product = np.repeat(np.arange(n), WEEKS)
    middle = np.asarray(opened + WEEK * week + WEEK / 2, dtype=np.float64)
    odds = learnt.season[in_quarter(middle, learnt.known.fiscal_start)]
    win, lose = hazards.chances({"week": week, "product": product}, odds)
    return incidence(win.reshape(n, WEEKS), lose.reshape(n, WEEKS))[0]


def _at(won_by: Floats, week: float) -> Floats:
    """The chance by a moment between two weeks' ends, per row."""
    if week <= 0:
        return np.zeros(len(won_by))
    full = np.hstack([np.zeros((len(won_by), 1)), won_by])
    low = min(int(week), full.shape[1] - 1)
    high = min(low + 1, full.shape[1] - 1)
    return np.asarray(full[:, low] + (week - low) * (full[:, high] - full[:, low]), dtype=np.float64)


def _marks(deals: Deals, won: Ints, product: int) -> Ints:
    """The last won deals of a product, or of all where it has none yet."""
    own = won[deals.product[won] == product]
    chosen = own if len(own) else won
    return chosen[np.argsort(deals.closed[chosen])][-RECENT:]
