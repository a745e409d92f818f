"""Paths: the touches of one pursuit in their order, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from leadloop.kernel.values import dataclass

Whole = NDArray[np.int64]
Real = NDArray[np.float64]
SECONDS_A_DAY, MICROSECONDS = 86_400, 1_000_000
KEY_BITS = 63


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
        offsets, touch = _places_of(self.offsets, chosen)
        return Paths(
            offsets=offsets,
            channel=self.channel[touch],
            age=self.age[touch],
            wins=self.wins[chosen],
            nulls=self.nulls[chosen],
            worth=self.worth[chosen],
            channels=self.channels,
        )


def _places_of(offsets: Whole, chosen: NDArray[np.bool_]) -> tuple[Whole, Whole]:
    """The offsets of the chosen paths when they stand alone, and where each of their touches stands among all."""
    lengths = np.diff(offsets)[chosen]
    alone = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    return alone, np.repeat(offsets[:-1][chosen] - alone[:-1], lengths) + np.arange(alone[-1])


def paths_of(
    *,
    path: NDArray[np.integer],
    channel: NDArray[np.integer],
    at: Real,
    ended: Real,
    won: Real,
    worth: Whole,
    rank: Whole | None = None,
) -> Paths:
    """Paths from touches in any order: `path` and `channel` number each touch, `at` is its time in days.

    `ended`, `won` (1 or 0) and `worth` are of each path. A touch after the end of its path is left out: it can't have
    brought about what had happened already. Touches of one path and time stand by `rank`, or as they are given.
    """
    counts = at <= ended[path]
    kept = slice(None) if counts.all() else np.flatnonzero(counts)
    path, channel, at = path[kept], channel[kept], at[kept]
    if not _in_order(path, at):
        order = _order(path.astype(np.int64), at, np.arange(len(at)) if rank is None else rank[kept])
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


def paths_of_moments(
    *,
    path: NDArray[np.integer],
    channel: NDArray[np.integer],
    moment: Whole,
    rank: Whole,
    ended: Whole,
    won: NDArray[np.bool_],
    worth: Whole,
) -> Paths:
    """The same from moments in microseconds, for many millions of touches, none of them after the end of its path.

    `ended` is in whole seconds, and ages are from second to second. Touches of one path and moment stand by `rank`.

    Path, second and channel go into one whole number, so that sorting those numbers is all there is to do: nothing is
    looked up in the order found. Only paths that had two channels within a second are put in order by what is left.
    """
    channels = int(channel.max()) + 1 if len(channel) else 0
    wins = won.astype(np.float64)
    second = moment // MICROSECONDS
    begin = int(second.min()) if len(second) else 0
    second -= begin
    for_second, for_channel = (int(one.max(initial=0)).bit_length() for one in (second, channel))
    if len(won).bit_length() + for_second + for_channel > KEY_BITS:
        place = np.empty(len(path), dtype=np.int64)
        place[np.lexsort((rank, moment))] = np.arange(len(path))
        at, end = (second + begin) / SECONDS_A_DAY, ended / SECONDS_A_DAY
        return paths_of(path=path, channel=channel, at=at, ended=end, won=wins, worth=worth, rank=place)
    key = path.astype(np.int64) << (for_second + for_channel)
    key |= second << for_channel
    key |= channel
    key.sort()
    lengths = np.bincount(path, minlength=len(won))
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    found = key & ((1 << for_channel) - 1)
    key >>= for_channel
    mixed = np.zeros(len(won), dtype=np.bool_)
    mixed[key[1:][(key[1:] == key[:-1]) & (found[1:] != found[:-1])] >> for_second] = True
    if mixed.any():
        touch = np.flatnonzero(mixed[path])
        order = touch[np.lexsort((rank[touch], moment[touch], path[touch]))]
        found[_places_of(offsets, mixed)[1]] = channel[order]
    key &= (1 << for_second) - 1
    return Paths(
        offsets=offsets,
        channel=found,
        age=np.repeat(ended / SECONDS_A_DAY, lengths) - (key + begin) / SECONDS_A_DAY,
        wins=wins,
        nulls=1.0 - wins,
        worth=worth.astype(np.int64),
        channels=channels,
    )


def _in_order(path: NDArray[np.integer], at: Real) -> bool:
    """Whether touches stand by path and time already; of the same path and time there must be one."""
    ahead = np.diff(path)
    return bool(((ahead > 0) | ((ahead == 0) & (np.diff(at) > 0))).all())


def _order(path: Whole, at: Real, rank: Whole) -> Whole:
    """The places of touches by path, time and rank.

    Path and time go into one whole number, which sorts many times faster than two columns do. The time is coarser in
    it; touches that have the same number are then put in order by what they are exactly.
    """
    bits = min(50, 62 - int(path.max()).bit_length())
    since = at - at.min()
    coarse = (since / (since.max() or 1.0) * (2**bits - 1)).astype(np.int64)
    key = (path << bits) | coarse
    order = np.argsort(key)
    number = key[order]
    same = number[1:] == number[:-1]
    tied = np.flatnonzero(np.append(same, False) | np.append(False, same))
    among = order[tied]
    order[tied] = among[np.lexsort((rank[among], at[among], number[tied]))]
    return order


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
