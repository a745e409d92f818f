"""Monte Carlo: ten thousand ways the coming months may go, drawn with what all deals have in common.

Each run has two shared shocks: one that moves every deal's win chance (a good or a bad time), one that stretches or
shortens every deal's time to close (slip). Runs are drawn in blocks that share their shocks, which are stratified
normals, so a block needs one table of thresholds and the rest is comparing random 16-bit numbers with them. The
thresholds are scaled so that the mean over all blocks is each deal's own chance: the shocks add spread, not bias.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from leadloop.kernel.values import dataclass
from leadloop.tracking.forecast.covariates import WEEK
from leadloop.tracking.forecast.history import Floats, Ints
from leadloop.tracking.forecast.inflow import Inflow

BLOCKS = 100
FULL = 65_536  # 16-bit draws
Values = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Shocks:
    """Standard deviations of the shared shocks: on the log odds to win, and on the log of the time to close."""

    win: float = 0.25
    slip: float = 0.15


USUAL = Shocks()


def simulate(won_by: Floats, edges: Floats, values: Values, *, runs: int, seed: int, shocks: Shocks = USUAL) -> Values:
    """What open deals bring per run, month and column of `values`: an array (runs, months, columns).

    `won_by` (deals × weeks) is the chance to have been won by each week's end, `edges` (months + 1) are weeks from
    now, `values` (deals × columns) is what a won deal adds. `runs` must be a multiple of BLOCKS.
    """
    random = np.random.default_rng(seed)
    months = len(edges) - 1
    each = runs // BLOCKS
    found = np.zeros((runs, months, values.shape[1]), dtype=np.float32)
    limits = thresholds(won_by, edges, shocks, random)
    likely = np.flatnonzero(limits[:, :, -1].max(axis=0) > 0)
    limits, values = limits[:, likely], np.ascontiguousarray(values[likely])
    for block in range(BLOCKS):
        draw = random.integers(0, FULL, size=(each, len(likely)), dtype=np.uint16)
        before: Values | float = 0.0
        for month in range(months):
            upto = (draw < limits[block, :, month]).astype(np.float32) @ values
            found[block * each : (block + 1) * each, month] = upto - before
            before = upto
    return found


def thresholds(won_by: Floats, edges: Floats, shocks: Shocks, random: np.random.Generator) -> NDArray[np.uint16]:
    """16-bit chances to have been won by each month's end, per block of runs (blocks × deals × months)."""
    win, slip = _stratified(random), _stratified(random)
    odds = np.exp(shocks.win * win)[:, None, None]
    pace = np.exp(-shocks.slip * slip)
    plain = between(won_by, edges[1:]) - between(won_by, edges[:1])
    made = np.stack([between(won_by, edges[1:] * one) - between(won_by, edges[:1] * one) for one in pace])
    made = made * odds / (1 - made + made * odds)
    mean = made.mean(axis=0)
    made *= np.divide(plain, mean, out=np.ones_like(plain), where=mean > 0)
    limits: NDArray[np.uint16] = np.clip(np.maximum.accumulate(made, axis=2) * FULL, 0, FULL - 1).astype(np.uint16)
    return limits


def draw_inflow(inflow: Inflow, values: Values, *, runs: int, seed: int) -> Values:
    """What deals to come bring per run, month and column; amounts are drawn from won deals, the rows of `values`."""
    random = np.random.default_rng(seed)
    products, months = inflow.wins.shape
    found = np.zeros((runs, months, values.shape[1]), dtype=np.float32)
    shape = 1.0 / max(inflow.spread, 1e-3) ** 2
    level = random.gamma(shape, 1.0 / shape, size=runs)
    for product in range(products):
        for month in range(months):
            counts = random.poisson(inflow.wins[product, month] * level)
            found[:, month] += _sums(values[inflow.marks[product]], counts, random)
    return found


def _sums(marks: Values, counts: Ints, random: np.random.Generator) -> Values:
    """For each count the sum of so many rows drawn from `marks`."""
    sums = np.zeros((len(counts), marks.shape[1]), dtype=np.float32)
    for rows in np.array_split(np.arange(len(counts)), max(1, int(counts.sum()) // 50_000)):
        wanted = counts[rows]
        if not wanted.sum():
            continue
        drawn = marks[random.integers(0, len(marks), size=int(wanted.sum()))]
        some = rows[wanted > 0]
        starts = np.cumsum(wanted[wanted > 0]) - wanted[wanted > 0]
        sums[some] = np.add.reduceat(drawn, starts, axis=0)
    return sums


def between(won_by: Floats, weeks: Floats | Sequence[float]) -> Floats:
    """Chances at moments between the weeks' ends (deals × moments), linear in between."""
    full = np.hstack([np.zeros((len(won_by), 1)), won_by])
    last = full.shape[1] - 1
    at = np.clip(np.asarray(weeks, dtype=np.float64), 0, last)
    low = np.minimum(at.astype(np.int64), last)
    high = np.minimum(low + 1, last)
    return np.asarray(full[:, low] + (at - low) * (full[:, high] - full[:, low]), dtype=np.float64)


def _stratified(random: np.random.Generator) -> Floats:
    """BLOCKS standard normal numbers, one from the middle of each equally likely stretch, in random order."""
    normal = NormalDist()
    return random.permutation([normal.inv_cdf((place + 0.5) / BLOCKS) for place in range(BLOCKS)])


def weeks_from(now: float, edges: Floats) -> Floats:
    """Moments in days as weeks from now, the first at least 0."""
    return np.maximum(0.0, (edges - now) / WEEK)
