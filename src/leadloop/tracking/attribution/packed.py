"""Many millions of touches as one whole number each, so that sorting those numbers is all there is to do."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leadloop.kernel.values import dataclass
from leadloop.tracking.attribution.paths import SECONDS_A_DAY, Paths, Whole, places_of

BITS = 63
MANY = 1_000_000  # of which halves are sorted beside each other
MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Ended:
    """Paths by their numbers, which ascend; when each ended (whole seconds), whether it was won, and its worth."""

    number: Whole
    ended: Whole
    won: NDArray[np.bool_]
    worth: Whole


@dataclass(frozen=True, slots=True)
class Exact:
    """Touches in any order: numbers of path and channel, moment in microseconds; those of one moment stand by rank."""

    path: Whole
    channel: Whole
    moment: Whole
    rank: Whole


@dataclass(frozen=True, slots=True)
class Packing:
    """Where the parts of a touch stand in its number: path above, then seconds after `begin`, channel below."""

    begin: int
    for_second: int
    for_channel: int

    @classmethod
    def holding(cls, *, path: int, begin: int, until: int, channel: int) -> Packing | None:
        """For numbers up to these, and seconds from `begin` to `until`; None where they don't go into one."""
        for_second, for_channel = max(until - begin, 0).bit_length(), channel.bit_length()
        fits = path.bit_length() + for_second + for_channel <= BITS
        return cls(begin, for_second, for_channel) if fits else None

    def pack(self, path: Any, second: Any, channel: Any) -> Any:
        """The number of a touch, or of many: of arrays as of an engine's columns, so it adds and multiplies only."""
        return (path * (1 << self.for_second) + (second - self.begin)) * (1 << self.for_channel) + channel


def paths_of_packed(
    packed: Whole, packing: Packing, ended: Ended, exact: Callable[[Whole], Exact]
) -> tuple[Paths, Whole]:
    """Paths, and the channels that were met: they are numbered anew by their place there.

    No touch is after the end of its path. Ages are from second to second. What the numbers don't tell is the order of
    two channels within a second: touches of paths that have such are asked for by their numbers.
    """
    key = _sorted(packed)
    channel = key & ((1 << packing.for_channel) - 1)
    key >>= packing.for_channel
    unclear = (key[1:] == key[:-1]) & (channel[1:] != channel[:-1])
    mixed = np.unique(key[1:][unclear] >> packing.for_second)
    lengths = _lengths(key >> packing.for_second, ended)
    offsets = _offsets(lengths)
    if len(mixed):
        touch = places_of(offsets, np.isin(ended.number, mixed))[1]
        channel[touch] = _in_order(exact(mixed)).channel
    key &= (1 << packing.for_second) - 1
    key += packing.begin
    return _made(offsets, lengths, channel, key, ended)


def paths_of_exact(exact: Exact, ended: Ended) -> tuple[Paths, Whole]:
    """The same from touches that don't go into numbers: more is moved about."""
    touch = _in_order(exact)
    lengths = _lengths(touch.path, ended)
    return _made(_offsets(lengths), lengths, touch.channel, touch.moment // MICROSECONDS, ended)


def _sorted(numbers: Whole) -> Whole:
    """In two threads where there are many: sorting leaves the interpreter to others."""
    if len(numbers) < MANY:
        return np.sort(numbers)
    low = numbers <= np.median(numbers[:: len(numbers) // 1000 + 1])
    halves = [numbers[low], numbers[~low]]
    with ThreadPoolExecutor(2) as both:
        list(both.map(np.ndarray.sort, halves))
    return np.concatenate(halves)


def _in_order(exact: Exact) -> Exact:
    order = np.lexsort((exact.rank, exact.moment, exact.path))
    return Exact(exact.path[order], exact.channel[order], exact.moment[order], exact.rank[order])


def _lengths(path: Whole, ended: Ended) -> Whole:
    """How many touches each path has; numbers are dense enough that a table of them is small."""
    counted = np.bincount(path, minlength=int(ended.number.max(initial=0)) + 1)
    return counted[ended.number]


def _offsets(lengths: Whole) -> Whole:
    return np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)


def _made(offsets: Whole, lengths: Whole, channel: Whole, second: Whole, ended: Ended) -> tuple[Paths, Whole]:
    met = np.flatnonzero(np.bincount(channel))
    place = np.zeros(int(met.max(initial=0)) + 1, dtype=np.int64)
    place[met] = np.arange(len(met))
    before = np.repeat(ended.ended, lengths)
    before -= second
    wins = ended.won.astype(np.float64)
    return Paths(
        offsets=offsets,
        channel=place[channel],
        age=before / SECONDS_A_DAY,
        wins=wins,
        nulls=1.0 - wins,
        worth=ended.worth,
        channels=len(met),
    ), met
