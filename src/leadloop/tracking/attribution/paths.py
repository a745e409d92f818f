"""Paths: the touches of one pursuit in their order, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from leadloop.kernel.values import dataclass

Whole = NDArray[np.int64]
Real = NDArray[np.float64]
SECONDS_A_DAY = 86_400


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

    def only(self, chosen: NDArray[np.bool_]) -> Paths:
        """The chosen paths alone; channels keep their numbers."""
        offsets, touch = places_of(self.offsets, chosen)
        return Paths(
            offsets=offsets,
            channel=self.channel[touch],
            age=self.age[touch],
            wins=self.wins[chosen],
            nulls=self.nulls[chosen],
            worth=self.worth[chosen],
            channels=self.channels,
        )


def places_of(offsets: Whole, chosen: NDArray[np.bool_]) -> tuple[Whole, Whole]:
    """The offsets of the chosen paths when they stand alone, and where each of their touches stands among all."""
    lengths = np.diff(offsets)[chosen]
    alone = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    return alone, np.repeat(offsets[:-1][chosen] - alone[:-1], lengths) + np.arange(alone[-1])


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
