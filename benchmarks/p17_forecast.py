"""P17: ten thousand runs of two thousand deals, correlated and with slip, against one independent draw by numpy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks.result import Result, Row
from benchmarks.timing import RUNS, median, seconds, spread
from leadloop.tracking.forecast.model import WEEKS
from leadloop.tracking.forecast.simulate import USUAL, Shocks, Values, between, simulate

TIMES, DEALS = 10_000, 2_000
EDGES = np.array([0.0, 4.3, 8.7, 13.0])  # three months, in weeks from now
CHUNK = 100  # runs drawn at once by numpy too, so that it does not wait for memory where ours does not
BAR, AIM = 5, 2
REPEATS = 3 * RUNS  # one takes half a second


def measure() -> Result:
    """See the module."""
    won_by, values = _deals()
    ours, independent = [], []
    for run in range(REPEATS + 1):
        mine = seconds(lambda run=run: simulate(won_by, EDGES, values, runs=TIMES, seed=run))
        theirs = seconds(lambda run=run: _independent(won_by, values, seed=run))
        if run:  # the first warms both up
            ours.append(mine)
            independent.append(theirs)
    ratio = median(ours) / median(independent)
    row = Row(
        f"{TIMES:,} runs of {DEALS:,} deals",
        f"{median(ours):.2f} s ({spread(ours, '.2f')})",
        f"{median(independent):.2f} s ({spread(independent, '.2f')}) drawn independently",
        f"{ratio:.2f} ×",
        f"≤ {BAR} × (aim {AIM} ×)",
        ratio <= BAR,
    )
    return Result("P17", [row, *_same(won_by, values)], NOTES)


NOTES = [
    f"Median of {REPEATS}, in turn, after one of each to warm up. {DEALS:,} open deals with chances by week and worths"
    " of their own, three months ahead, one column (the whole).",
    "Ours: `simulate`, which the forecast of every night calls: two shocks that all deals share, on the chance to win"
    f" ({USUAL.win} on the log odds) and on the time to close ({USUAL.slip} on its logarithm), stratified, working"
    " out the thresholds included.",
    f"Against: numpy's own uniform numbers (32 bits, {CHUNK} runs at a time), compared with the chance of each deal"
    " and month and multiplied with the worths; nothing is shared and nothing slips.",
    "Mean: of what three months bring together; without shocks both have to give the same spread, with them ours is"
    " to be the wider one.",
]


def _deals() -> tuple[NDArray[np.float64], Values]:
    """Chances to have been won by each week's end (deals × weeks), and worths (deals × 1)."""
    random = np.random.default_rng(17)
    last = random.beta(2, 4, size=DEALS)
    pace = random.uniform(0.02, 0.3, size=DEALS)
    weeks = np.arange(1, WEEKS + 1)
    won_by = last[:, None] * (1 - np.exp(-pace[:, None] * weeks))
    return won_by, random.lognormal(13, 1, size=(DEALS, 1)).astype(np.float32)


def _independent(won_by: NDArray[np.float64], values: Values, *, seed: int) -> Values:
    """What the deals bring per run and month (runs × months × columns), each deal for itself."""
    random = np.random.default_rng(seed)
    chances = (between(won_by, EDGES[1:]) - between(won_by, EDGES[:1])).astype(np.float32)
    months = len(EDGES) - 1
    found = np.empty((TIMES, months, values.shape[1]), dtype=np.float32)
    for begin in range(0, TIMES, CHUNK):
        draw = random.random((CHUNK, DEALS), dtype=np.float32)
        before: Values | float = 0.0
        for month in range(months):
            upto = (draw < chances[:, month]).astype(np.float32) @ values
            found[begin : begin + CHUNK, month] = upto - before
            before = upto
    return found


def _same(won_by: NDArray[np.float64], values: Values) -> list[Row]:
    """That both answer the same question: equal means, equal spread without shocks."""
    theirs = _independent(won_by, values, seed=1)
    calm = simulate(won_by, EDGES, values, runs=TIMES, seed=1, shocks=Shocks(0, 0))
    ours = simulate(won_by, EDGES, values, runs=TIMES, seed=1)
    mean, width = _mean(ours) / _mean(theirs) - 1, _width(calm) / _width(theirs) - 1
    return [
        Row("mean of the runs", f"{_mean(ours) / 1e8:,.2f} M", f"{_mean(theirs) / 1e8:,.2f} M", f"{mean:+.2%}",
            "within 1 %", abs(mean) <= 0.01),
        Row("P10 to P90 without shocks", f"{_width(calm) / 1e8:,.2f} M", f"{_width(theirs) / 1e8:,.2f} M",
            f"{width:+.1%} (with shocks {_width(ours) / _width(theirs):.1f} ×)", "within 5 %", abs(width) <= 0.05),
    ]  # fmt: skip


def _whole(runs: Values) -> NDArray[np.float64]:
    return runs[:, :, 0].sum(axis=1, dtype=np.float64)


def _mean(runs: Values) -> float:
    return float(_whole(runs).mean())


def _width(runs: Values) -> float:
    low, high = np.quantile(_whole(runs), [0.1, 0.9])
    return float(high - low)
