"""One forecast: model, simulation and baselines together, as of one moment."""

from __future__ import annotations

import numpy as np

from leadloop.kernel.values import dataclass
from leadloop.tracking.forecast.accuracy import UNTRIED, Correction
from leadloop.tracking.forecast.history import Deals, Floats
from leadloop.tracking.forecast.inflow import learn_inflow
from leadloop.tracking.forecast.model import Outlook, learn, outlook
from leadloop.tracking.forecast.simulate import Shocks, Values, between, draw_inflow, simulate, weeks_from

RUNS = 4000


@dataclass(frozen=True, slots=True)
class Setting:
    """How a forecast is cut and weighed: `percents` are the chances of the board's columns from left to right."""

    percents: tuple[int, ...]
    fiscal_start: int
    runs: int = RUNS
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Runs of what is still to be won (runs × months × columns), and the open deals behind them.

    `inflow` is the mean per month of the first column that deals nobody has opened yet bring, `by_month` the chance
    of each open deal to be won in each month (deals × months).
    """

    runs: Values
    outlook: Outlook
    inflow: Floats
    by_month: Floats


def foresee(
    deals: Deals, now: float, edges: Floats, shares: Values, counts: Values, setting: Setting
) -> Foreseen | None:
    """Foresee the months between the edges from what is known now; None where too little is known.

    A deal's columns are its worth times its row of `shares`, then its row of `counts`; both have a row per deal, and
    the first share is the whole. `deals` must hold nothing later than `now` (`history.known_at`).
    """
    learnt = learn(deals, now, stages=len(setting.percents), fiscal_start=setting.fiscal_start)
    if learnt is None:
        return None
    ahead = outlook(learnt, deals, now)
    weeks = weeks_from(now, edges)
    open_values = _values(ahead.worth, shares[ahead.place], counts[ahead.place])
    runs = simulate(ahead.won_by, weeks, open_values, runs=setting.runs, seed=setting.seed, shocks=Shocks(learnt.shock))
    coming = learn_inflow(deals, now, np.maximum(edges, now), learnt)
    inflow = np.zeros(len(edges) - 1)
    if coming is not None:
        extra = draw_inflow(coming, _values(deals.worth, shares, counts), runs=setting.runs, seed=setting.seed + 1)
        inflow = extra[:, :, 0].mean(axis=0, dtype=np.float64)
        runs = runs + extra
    return Foreseen(runs, ahead, inflow, np.diff(between(ahead.won_by, weeks), axis=1))


def corrected(runs: Values, top: float, by: Correction = UNTRIED) -> Values:
    """Runs of one month (runs × columns) with what the record teaches: moved so that the first column's mean is the
    corrected middle, spread as the record asks; nothing falls below nought."""
    mean = runs.mean(axis=0, keepdims=True)
    whole = float(mean[0, 0])
    level = by.middle(whole, top) / whole if whole > 0 else 1.0
    moved: Values = np.maximum(level * (mean + by.spread * (runs - mean)), 0.0).astype(np.float32)
    return moved


def _values(worth: Floats, shares: Values, counts: Values) -> Values:
    return np.hstack([worth[:, None] * shares, counts]).astype(np.float32)
