"""From touches of leads to what the models ask for: the won paths, touch by touch, and the chain of all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from operator import add

import numpy as np

from leadloop.kernel.values import dataclass
from leadloop.tracking.attribution.legs import MICROSECONDS, Legs, Table, Touches
from leadloop.tracking.attribution.markov import Chain, counted
from leadloop.tracking.attribution.packed import Packing, in_order, in_threads, packing_for
from leadloop.tracking.attribution.paths import SECONDS_A_DAY, Paths, Whole

Ranked = tuple[Touches, Whole]  # touches, and by what those of one moment stand


@dataclass(frozen=True, slots=True)
class Won:
    """Of won paths, which are numbered from 0 on: when they ended, in microseconds, and their worth."""

    ended: Whole
    worth: Whole


@dataclass(frozen=True, slots=True)
class Walked:
    """The won paths, the chain of all paths, and the channels met: both number them by their place there."""

    won: Paths
    chain: Chain
    met: Whole


@dataclass(frozen=True, slots=True)
class Steps:
    """Touches in their order, path by path; the seconds only of those on won paths, which come first."""

    path: Whole
    channel: Whole
    second: Whole


def walked(touches: Sequence[Touches], legs: Legs, won: Won, ranked: Callable[[Whole], Ranked]) -> Walked:
    """What came of these touches. Numbers of paths are dense; those that were not won come after those that were.

    Ages are from second to second. Which of two touches comes first is told by their seconds, and where these are
    equal by moment and rank: `ranked` gives all touches of leads with theirs.
    """
    tables = legs.tables()
    packing = packing_for(touches, path=int(legs.path.max(initial=0)))
    if packing is None:
        parts = [_exact(ranked(legs.lead), tables, len(won.worth))]
    else:
        parts = _packed(touches, legs, tables, packing, len(won.worth), ranked)
    return _walked(parts, won)


def _packed(
    touches: Sequence[Touches],
    legs: Legs,
    tables: Sequence[Table],
    packing: Packing,
    won: int,
    ranked: Callable[[Whole], Ranked],
) -> list[Steps]:
    def steps(number: Whole) -> tuple[Steps, Whole]:
        path = packing.path(number)
        second = packing.second(number[: path.searchsorted(won)])
        return Steps(path, packing.channel(number), second), packing.unclear(number)

    found = in_threads(steps, in_order(touches, tables, packing))
    unclear = np.concatenate([paths for _, paths in found])
    if len(unclear):
        exact = _exact(ranked(np.unique(legs.lead[np.isin(legs.path, unclear)])), tables, won)
        for part, paths in found:
            part.channel[np.isin(part.path, paths)] = exact.channel[np.isin(exact.path, paths)]
    return [part for part, _ in found]


def _exact(ranked: Ranked, tables: Sequence[Table], won: int) -> Steps:
    """The same from touches with their ranks: more is moved about."""
    touches, rank = ranked
    each = [(*table.placed(touches), touches) for table in tables]
    none = np.empty(0, dtype=np.int64)
    path = np.concatenate([none, *(path for path, _, _ in each)])
    channel, moment, rank = (
        np.concatenate([none, *(values[counts] for _, counts, _ in each)])
        for values in (touches.channel, touches.moment, rank)
    )
    order = np.lexsort((rank, moment, path))
    path = path[order]
    second = moment[order[: path.searchsorted(won)]] // MICROSECONDS
    return Steps(path, channel[order], second)


def _walked(parts: Sequence[Steps], won: Won) -> Walked:
    seen = np.zeros(max(int(part.channel.max(initial=0)) for part in parts) + 1, dtype=np.bool_)
    for part in parts:
        seen[part.channel] = True
    met = np.flatnonzero(seen)
    place = np.cumsum(seen) - 1
    count = len(won.worth)

    def placed(part: Steps) -> tuple[Whole, Chain]:
        channel = place[part.channel]
        offsets = np.concatenate(([0], np.flatnonzero(np.diff(part.path)) + 1, [len(channel)]))
        offsets = offsets[: len(channel) + 1]  # of none there is but the begin
        path = part.path[offsets[:-1]]
        wins, worth = np.zeros(len(path)), np.zeros(len(path), dtype=np.int64)
        first = path.searchsorted(count)
        wins[:first], worth[:first] = 1.0, won.worth[path[:first]]
        return channel[: len(part.second)], counted(channel, offsets, wins, 1.0 - wins, worth, len(met))

    done = in_threads(placed, parts)
    lengths = np.bincount(np.concatenate([part.path[: len(part.second)] for part in parts]), minlength=count)
    before = np.repeat(won.ended // MICROSECONDS, lengths) - np.concatenate([part.second for part in parts])
    paths = Paths(
        offsets=np.concatenate(([0], np.cumsum(lengths))).astype(np.int64),
        channel=np.concatenate([channel for channel, _ in done]),
        age=before / SECONDS_A_DAY,
        wins=np.ones(count),
        nulls=np.zeros(count),
        worth=won.worth,
        channels=len(met),
    )
    return Walked(paths, reduce(add, (chain for _, chain in done)), met)
