"""Paths: the touches of one pursuit in their order, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Real = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Paths:
    """Many paths as flat arrays. Path i has the touches `offsets[i]` up to, but not including, `offsets[i + 1]`.

    `channel` numbers what made each touch, from 0 to `channels` - 1; `age` is how many days before the end of its path
    a touch happened. `wins` and `nulls` are how often the path ended with a win and without one (1 and 0 or 0 and 1
    where each path is one pursuit); `worth` is what its wins brought in, in minor units. A path may have no touch.
    """

    offsets: Whole
    channel: Whole
    age: Real
    wins: Real
    nulls: Real
    worth: Whole
    channels: int

    @property
    def lengths(self) -> Whole:
        """How many touches each path has."""
        return np.diff(self.offsets)

    @property
    def path(self) -> Whole:
        """To which path each touch belongs."""
        return np.repeat(np.arange(len(self.wins)), self.lengths)

    @property
    def touched(self) -> NDArray[np.bool_]:
        """Which paths have a touch that credit could go to."""
        return self.lengths > 0


def paths_of(
    *, path: NDArray[np.integer], channel: NDArray[np.integer], at: Real, ended: Real, won: Real, worth: Whole
) -> Paths:
    """Paths from touches in any order: `path` and `channel` number each touch, `at` is its time in days.

    `ended`, `won` (1 or 0) and `worth` are of each path. A touch after the end of its path is left out: it can't have
    brought about what had happened already. Touches of the same time keep the order they are given in.
    """
    counts = at <= ended[path]
    path, channel, at = path[counts], channel[counts], at[counts]
    if not _in_order(path, at):
        order = np.lexsort((at, path))
        path, channel, at = path[order], channel[order], at[order]
    offsets = np.concatenate(([0], np.cumsum(np.bincount(path, minlength=len(ended)))))
    return Paths(
        offsets=offsets.astype(np.int64),
        channel=channel.astype(np.int64),
        age=ended[path] - at,
        wins=won.astype(np.float64),
        nulls=1.0 - won,
        worth=worth.astype(np.int64),
        channels=int(channel.max()) + 1 if len(channel) else 0,
    )


def _in_order(path: NDArray[np.integer], at: Real) -> bool:
    """Whether touches stand by path and time already, as a query can give them: sorting takes longer than all else."""
    ahead = np.diff(path)
    return bool(((ahead > 0) | ((ahead == 0) & (np.diff(at) >= 0))).all())


def paths_of_text(
    lines: Iterable[str], wins: Sequence[float], nulls: Sequence[float], worth: Sequence[int], *, between: str = " > "
) -> tuple[Paths, list[str]]:
    """Paths written like "alpha > beta > alpha", one step apart, and the names of the channels by number."""
    steps = [line.split(between) for line in lines]
    names = sorted({name for line in steps for name in line})
    number = {name: place for place, name in enumerate(names)}
    lengths = np.array([len(line) for line in steps], dtype=np.int64)
    age = np.concatenate([np.arange(n - 1, -1, -1, dtype=np.float64) for n in lengths]) if steps else np.empty(0)
    paths = Paths(
        offsets=np.concatenate(([0], np.cumsum(lengths))).astype(np.int64),
        channel=np.array([number[name] for line in steps for name in line], dtype=np.int64),
        age=age,
        wins=np.array(wins, dtype=np.float64),
        nulls=np.array(nulls, dtype=np.float64),
        worth=np.array(worth, dtype=np.int64),
        channels=len(names),
    )
    return paths, names
