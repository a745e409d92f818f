"""Many millions of touches as one whole number each, so that sorting those numbers is all there is to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np

from leadloop.kernel.values import dataclass
from leadloop.tracking.attribution.legs import MICROSECONDS, Table, Touches
from leadloop.tracking.attribution.paths import Whole

BITS = 63
SHELVES = 8  # bits of a path by which touches are laid apart; numbers of one byte are put in order at once

One = TypeVar("One")
Other = TypeVar("Other")


@dataclass(frozen=True, slots=True)
class Packing:
    """Where the parts of a touch stand in its number: path above, then seconds after `begin`, channel below."""

    begin: int
    for_path: int
    for_second: int
    for_channel: int

    @classmethod
    def holding(cls, *, path: int, begin: int, until: int, channel: int) -> Packing | None:
        """For numbers up to these, and seconds from `begin` to `until`; None where they don't go into one."""
        bits = path.bit_length(), max(until - begin, 0).bit_length(), channel.bit_length()
        return cls(begin, *bits) if sum(bits) <= BITS else None

    def pack(self, path: Whole, second: Whole, channel: Whole) -> Whole:
        """The numbers of touches."""
        found = path << self.for_second
        found += second
        found -= self.begin
        found <<= self.for_channel
        found += channel
        return found

    def path(self, number: Whole) -> Whole:
        """The paths of numbers."""
        return number >> (self.for_second + self.for_channel)

    def second(self, number: Whole) -> Whole:
        """The seconds of numbers."""
        return ((number >> self.for_channel) & ((1 << self.for_second) - 1)) + self.begin

    def channel(self, number: Whole) -> Whole:
        """The channels of numbers."""
        return number & ((1 << self.for_channel) - 1)

    def shelves(self, count: int) -> tuple[int, int]:
        """How many shelves so many touches are laid on, each large beside a table of all pairs of channels, and how
        far a number is shifted to be that of its shelf."""
        bits = min(SHELVES, self.for_path, max(0, count.bit_length() - 2 * self.for_channel))
        return 1 << bits, self.for_path - bits + self.for_second + self.for_channel

    def unclear(self, number: Whole) -> Whole:
        """Paths that met two channels within a second: sorted numbers don't tell which came first."""
        apart = number[1:] ^ number[:-1]
        return np.unique(self.path(number[1:][(apart > 0) & (apart < 1 << self.for_channel)]))


def packing_for(touches: Sequence[Touches], *, path: int) -> Packing | None:
    """For these touches on paths up to this number."""
    bounds = in_threads(_bounds, (one for one in touches if len(one.lead)))
    first, last, channel = zip(*bounds, strict=True) if bounds else ((0,), (0,), (0,))
    return Packing.holding(path=path, begin=min(first), until=max(last), channel=max(channel))


def in_order(touches: Sequence[Touches], tables: Sequence[Table], packing: Packing) -> list[Whole]:
    """The numbers of the touches that count, ascending, in parts that have no path in common.

    They are laid on shelves by their highest bits first, since what fits in a processor's cache is sorted quickly.
    """
    shelves, shift = packing.shelves(sum(len(one.lead) for one in touches))

    def laid(one: tuple[Touches, Table]) -> tuple[Whole, Whole]:
        path, counts = one[1].placed(one[0])
        touch = one[0].only(counts)
        number = packing.pack(path, touch.moment // MICROSECONDS, touch.channel)
        shelf = (number >> shift).astype(np.uint8)
        begins = np.concatenate(([0], np.cumsum(np.bincount(shelf, minlength=shelves))))
        return number.take(shelf.argsort(kind="stable")), begins

    found = in_threads(laid, [(touch, table) for table in tables for touch in touches])

    def part(shelf: int) -> Whole:
        pieces = [number[begins[shelf] : begins[shelf + 1]] for number, begins in found]
        whole = np.concatenate(pieces) if pieces else np.empty(0, dtype=np.int64)
        whole.sort()
        return whole

    return in_threads(part, range(shelves))


def in_threads(function: Callable[[One], Other], items: Iterable[One]) -> list[Other]:
    """What the function gives for each item, in two threads: work on whole arrays leaves the interpreter to others."""
    with ThreadPoolExecutor(2) as both:
        return list(both.map(function, items))


def _bounds(touches: Touches) -> tuple[int, int, int]:
    """The first and the last second, and the largest channel."""
    moment = touches.moment
    return int(moment.min()) // MICROSECONDS, int(moment.max()) // MICROSECONDS, int(touches.channel.max())
