"""The company as a whole, without looking at any deal: the level of late months times the season of the quarter."""

from __future__ import annotations

from datetime import date

import numpy as np

from leadloop.tracking.forecast.covariates import QUARTER
from leadloop.tracking.forecast.history import Deals, Floats, won_between
from leadloop.tracking.forecast.rules import edges, month_after, months_between, months_from

MONTHS = 12  # that are looked back on
HALF = 4.0  # months after which one counts half
SEASON_PRIOR = 1.5  # ordinary months that each place in the quarter is taken to have seen


def past_months(deals: Deals, origin: date, zone: str) -> tuple[list[date], Floats]:
    """The whole months before an origin since the first win, at most MONTHS, and what each won."""
    months = months_from(month_after(origin, -MONTHS), MONTHS)
    bounds = edges(months, zone)
    first = float(deals.closed[deals.won].min()) if deals.won.any() else np.inf
    since = [place for place in range(MONTHS) if bounds[place + 1] > first]
    won = [won_between(deals, bounds[place], bounds[place + 1]) for place in since]
    return [months[place] for place in since], np.array(won)


def top_down(months: list[date], won: Floats, ahead: list[date], fiscal_start: int) -> Floats:
    """What each month ahead would bring if the company went on as it did; 0 without a past.

    The season of a place in the quarter is its mean log ratio to the mean of the three months around it.
    """
    if not len(won) or not won.sum():
        return np.zeros(len(ahead))
    place = np.array([(month.month - fiscal_start) % QUARTER for month in months])
    around = np.array([won[max(0, i - 1) : i + 2].mean() for i in range(len(won))])
    whole = np.array([0 < i < len(won) - 1 for i in range(len(won))]) & (won > 0)
    ratio = np.log(np.maximum(won, 1e-9) / np.maximum(around, 1e-9))
    seen = np.bincount(place[whole], minlength=QUARTER)
    effect = np.bincount(place[whole], ratio[whole], minlength=QUARTER) / (seen + SEASON_PRIOR)
    season = np.exp(effect)
    weight = 0.5 ** (np.array([months_between(month, ahead[0]) for month in months]) / HALF)
    level = float(weight @ won / (weight @ season[place]))
    return level * season[[(month.month - fiscal_start) % QUARTER for month in ahead]]
