"""Win chance × time to close × slip, learnt together: weekly chances of deals as they looked at past moments.

At landmarks every fortnight back, each deal that was open is followed week by week to its end or to today (van
Houwelingen's landmarking). What is known at the landmark - stage, age, the closing day as it was then said, how often
it had been put off, amount, owner - decides the week's chances. A closing day that slips is thereby priced in as
such days really did slip. What a whole month won beyond that is not the deals' doing: its share that returns every
fiscal quarter becomes the season, the rest the shock that all deals share.
"""

from __future__ import annotations

import numpy as np

from leadloop.kernel.values import dataclass
from leadloop.tracking.forecast.covariates import (
    QUARTER,
    WEEK,
    Scales,
    codes,
    in_quarter,
    month_number,
    scales,
    sizes,
)
from leadloop.tracking.forecast.hazard import Design, Hazards, fit, incidence
from leadloop.tracking.forecast.history import Deals, Floats, Ints, standing

WEEKS = 30  # how far ahead
EVERY = 14.0  # days between landmarks
BACK = 40  # landmarks at most
ROWS = 30_000  # of weeks to learn from; landmarks are thinned beyond
FORGET = 365.0  # days after which a landmark counts half
SEASON_PRIOR = 2.0  # months
SHOCK, SHOCK_PRIOR = 0.2, 4.0  # what is assumed beforehand, as if seen in so many months
LEAST, LEAST_WON = 30, 20  # closed and won deals below which nothing can be learnt


@dataclass(frozen=True, slots=True)
class Learnt:
    """Hazards with the codes they were learnt in. `change` is what won deals brought per unit said before.

    `season` multiplies the odds to win by the month's place in the fiscal quarter; `shock` is the standard deviation
    of what else a month does to their logarithm.
    """

    hazards: Hazards
    known: Scales
    change: float
    season: Floats
    shock: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """Open deals with the chance to have been won by the end of each coming week, and what they would bring.

    `chance` is the chance to be won within the weeks looked at, `median` the weeks until half of that is reached,
    `slip` the days by which that is later than the closing day said (NaN where none was said).
    """

    place: Ints
    worth: Floats
    won_by: Floats
    chance: Floats
    median: Floats
    slip: Floats


def learn(deals: Deals, now: float, *, stages: int, fiscal_start: int) -> Learnt | None:
    """Learn from what is known now; None with fewer than LEAST closed deals, or LEAST_WON won ones."""
    closed = deals.closed <= now
    if int(closed.sum()) < LEAST or int((closed & deals.won).sum()) < LEAST_WON:
        return None
    known = scales(deals, stages=stages, fiscal_start=fiscal_start)
    landmarks = _landmarks(deals, now)
    parts = [_weeks(deals, landmark, now, known) for landmark in landmarks]
    held = [part for part in parts if len(part[1])]
    if not held:
        return None
    names = held[0][0].keys()
    joined = {name: np.concatenate([part[0][name] for part in held]) for name in names}
    won, lost, weight, middle = (np.concatenate([part[i] for part in held]) for i in (1, 2, 3, 4))
    hazards = fit(Design.of(sizes(known)), joined, won, lost, weight)
    season, shock = _season(month_number(middle), won, hazards.chances(joined)[0], fiscal_start)
    return Learnt(hazards, known, _change(deals), season, shock)


def outlook(learnt: Learnt, deals: Deals, now: float) -> Outlook:
    """What may become of the deals that are open now."""
    seen = standing(deals, now)
    n = len(seen.place)
    row = np.repeat(np.arange(n), WEEKS)
    ahead = np.tile(np.arange(WEEKS, dtype=np.float64), n)
    if n:
        odds = learnt.season[in_quarter(now + WEEK * ahead + WEEK / 2, learnt.known.fiscal_start)]
        win, lose = learnt.hazards.chances(codes(deals, seen, row, ahead, learnt.known), odds)
        won_by, _ = incidence(win.reshape(n, WEEKS), lose.reshape(n, WEEKS))
    else:
        won_by = np.zeros((0, WEEKS))
    chance = won_by[:, -1] if n else np.zeros(0)
    median = (won_by < chance[:, None] / 2).sum(axis=1) + 0.5
    slip = now + WEEK * median - np.maximum(seen.due, now)
    return Outlook(seen.place, seen.amount * learnt.change, won_by, chance, median, slip)


def _landmarks(deals: Deals, now: float) -> Floats:
    """Moments to look back to, fewer where many deals were open."""
    first = deals.opened.min()
    count = int(min(BACK, (now - first - WEEK) // EVERY))
    marks = now - EVERY * np.arange(1, count + 1)
    closed = np.minimum(deals.closed, now)
    life = [float(np.clip(closed - mark, 0, WEEK * WEEKS)[deals.opened <= mark].sum()) / WEEK for mark in marks]
    step = max(1, int(np.ceil(sum(life) / ROWS)))
    chosen: Floats = marks[::step].astype(np.float64)
    return chosen


def _weeks(
    deals: Deals, landmark: float, now: float, known: Scales
) -> tuple[dict[str, Ints], Floats, Floats, Floats, Floats]:
    """Rows of the weeks that deals open at the landmark lived through: codes, won, lost, weight and moment."""
    seen = standing(deals, landmark)
    closed = deals.closed[seen.place]
    ended = closed <= min(now, landmark + WEEK * WEEKS)
    lived = np.where(ended, np.ceil((closed - landmark) / WEEK), np.floor((now - landmark) / WEEK))
    lived = np.clip(lived, 0, WEEKS).astype(np.int64)
    row = np.repeat(np.arange(len(lived)), lived)
    ahead = (np.arange(len(row)) - np.repeat(np.cumsum(lived) - lived, lived)).astype(np.float64)
    last = (ahead == lived[row] - 1) & ended[row]
    won = deals.won[seen.place][row]
    weight = np.full(len(row), 0.5 ** ((now - landmark) / FORGET))
    return (
        codes(deals, seen, row, ahead, known),
        (last & won).astype(np.float64),
        (last & ~won).astype(np.float64),
        weight,
        landmark + WEEK * ahead + WEEK / 2,
    )


def _season(month: Ints, won: Floats, expected: Floats, fiscal_start: int) -> tuple[Floats, float]:
    """Odds by the month's place in the quarter, and how much months differ beyond that, from wins against expected.

    Each place is drawn towards 1 as if SEASON_PRIOR ordinary months had been seen there.
    """
    months, place = np.unique(month, return_inverse=True)
    came, meant = np.bincount(place, won), np.bincount(place, expected)
    usual = came.sum() / max(meant.sum(), 1e-9)
    ratio = np.log((came + 2) / (meant * usual + 2))
    quarter = (months - (fiscal_start - 1)) % QUARTER
    seen = np.bincount(quarter, minlength=QUARTER)
    effect = np.bincount(quarter, ratio, minlength=QUARTER) / (seen + SEASON_PRIOR)
    effect -= effect.mean()
    rest = ratio - effect[quarter]
    chance = 1 / (came + 2)
    beyond = max(0.0, float((rest**2 - chance).sum()))
    shock = np.sqrt((SHOCK_PRIOR * SHOCK**2 + beyond) / (SHOCK_PRIOR + len(months)))
    return np.exp(effect), float(min(shock, 0.6))


def _change(deals: Deals) -> float:
    """What won deals brought per unit of the amount they were opened with or last had a month before; about 1."""
    won = np.flatnonzero(deals.won)
    if not len(won):
        return 1.0
    said = np.full(len(deals), np.nan)
    early = deals.amount.at <= np.maximum(deals.closed[deals.amount.deal] - 30.0, deals.opened[deals.amount.deal])
    said[deals.amount.deal[early]] = deals.amount.value[early]
    had = won[np.nan_to_num(said[won]) > 0]
    if len(had) < 10:
        return 1.0
    return float(np.clip(deals.worth[had].sum() / said[had].sum(), 0.5, 2.0))
