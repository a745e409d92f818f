"""Markov attribution, exact: what would be lost without a channel, solved rather than simulated.

Touches are states of a chain from start to won or lost; the chance to go from one to the next is how often that was
seen. Without a channel whoever would come there is lost. What is lost then is the chance to come to it at all times
the chance to win from there, so one inverse gives it for every channel, with no chain solved twice:

    effect(c) = h(c) b(c) / b(start),   N = (I - Q)^-1,   b = N r,   h(c) = (s N)(c) / N(c, c)

with Q the steps between channels, r those to won, s those from start. For money r is what a visit that is the last one
brings on average, so that b is the worth to be expected and the effect the share of it that would be lost. (Anderl et
al., Mapping the customer journey, International Journal of Research in Marketing 33, 2016, define the effect; the
closed form is the usual first-passage identity of absorbing chains.)
"""

from __future__ import annotations

import numpy as np

from leadloop.kernel.values import dataclass
from leadloop.tracking.attribution.paths import Paths, Real, Whole


@dataclass(frozen=True, slots=True)
class Chain:
    """How often a path began and ended at each channel, how often one was followed by each other one, and what came.

    `wins` and `worth` (minor units) by the last channel of the path. Chains of different paths add up.
    """

    begun: Real
    steps: Real
    ended: Real
    wins: Real
    worth: Real

    def __add__(self, other: Chain) -> Chain:
        return Chain(
            self.begun + other.begun,
            self.steps + other.steps,
            self.ended + other.ended,
            self.wins + other.wins,
            self.worth + other.worth,
        )

    @property
    def touches(self) -> int:
        """How many touches it was made of."""
        return round(float(self.steps.sum() + self.ended.sum()))


def removal_effects(chain: Chain, *, of: str = "wins") -> Real:
    """For each channel the share of all wins, or of their `worth`, that would be lost without it; 0 to 1.

    It is 0 for a channel that was never used, and for every one where nothing was won.
    """
    start, steps, to_won = transitions(chain, of=of)
    size = len(start)
    if not size or not to_won.any():
        return np.zeros(size)
    inverse = np.linalg.inv(np.eye(size) - steps)
    win = inverse @ to_won
    visits = start @ inverse
    reached = visits / np.diag(inverse)
    return np.asarray(reached * win / (start @ win), dtype=np.float64)


def transitions(chain: Chain, *, of: str = "wins") -> tuple[Real, Real, Real]:
    """Chances from start to each channel, between channels, and from each channel to won, or what comes there.

    A step from a channel to itself is left out: it changes neither whether a channel is reached nor what comes after.
    """
    seen = chain.steps.copy()
    np.fill_diagonal(seen, 0.0)
    out = seen.sum(axis=1) + chain.ended
    scale = np.divide(1.0, out, where=out > 0, out=np.zeros(len(out)))
    to_won = chain.wins if of == "wins" else chain.worth
    return chain.begun / (chain.begun.sum() or 1.0), seen * scale[:, None], to_won * scale


def chain_of(paths: Paths) -> Chain:
    """The chain of these paths. Those without a touch say nothing about channels and are left out."""
    return counted(paths.channel, paths.offsets, paths.wins, paths.nulls, paths.worth, paths.channels)


def counted(channel: Whole, offsets: Whole, wins: Real, nulls: Real, worth: Whole, size: int) -> Chain:
    """The same of arrays as `Paths` has them, with `size` channels."""
    lengths, times = np.diff(offsets), wins + nulls
    has = lengths > 0
    first, last = channel[offsets[:-1][has]], offsets[1:][has] - 1
    weight = None if bool((times == 1).all()) else np.repeat(times, lengths)  # counting is quicker than adding up
    return Chain(
        begun=_sums(first, times[has], size),
        steps=_steps(channel, last[:-1], weight, size),
        ended=_sums(channel[last], times[has], size),
        wins=_sums(channel[last], wins[has], size),
        worth=_sums(channel[last], np.maximum(worth[has], 0), size),
    )


def _sums(channel: Whole, amount: Real | Whole, size: int) -> Real:
    return np.bincount(channel, amount, size).astype(np.float64)


def _steps(channel: Whole, between: Whole, weight: Real | None, size: int) -> Real:
    """How often each channel was followed by each: all neighbours less those `between` paths, one's last touches."""
    pair = channel[:-1] * size + channel[1:]
    seen = np.bincount(pair, None if weight is None else weight[:-1], size * size) - np.bincount(
        pair[between], None if weight is None else weight[between], size * size
    )
    return seen.reshape(size, size).astype(np.float64)
