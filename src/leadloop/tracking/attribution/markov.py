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

from leadloop.tracking.attribution.paths import Paths, Real, Whole


def removal_effects(paths: Paths, *, of: str = "wins") -> Real:
    """For each channel the share of all wins, or of their `worth`, that would be lost without it; 0 to 1.

    It is 0 for a channel that was never used, and for every one where nothing was won. Paths without a touch say
    nothing about channels and are left out.
    """
    start, steps, to_won = transitions(paths, of=of)
    size = paths.channels
    if not size or not to_won.any():
        return np.zeros(size)
    inverse = np.linalg.inv(np.eye(size) - steps)
    win = inverse @ to_won
    visits = start @ inverse
    reached = visits / np.diag(inverse)
    return np.asarray(reached * win / (start @ win), dtype=np.float64)


def transitions(paths: Paths, *, of: str = "wins") -> tuple[Real, Real, Real]:
    """Chances from start to each channel, between channels, and from each channel to won, or what comes there.

    A step from a channel to itself is left out: it changes neither whether a channel is reached nor what comes after.
    """
    size = paths.channels
    times = paths.wins + paths.nulls
    has = paths.touched
    firsts, lasts = paths.offsets[:-1][has], paths.offsets[1:][has] - 1
    start = np.bincount(paths.channel[firsts], times[has], size)
    won = paths.wins if of == "wins" else np.maximum(paths.worth, 0).astype(np.float64)
    to_won = np.bincount(paths.channel[lasts], won[has], size)
    ends = np.bincount(paths.channel[lasts], times[has], size)
    seen = _steps(paths, times, lasts)
    out = seen.sum(axis=1) + ends
    scale = np.divide(1.0, out, where=out > 0, out=np.zeros(size))
    first = np.asarray(start / (start.sum() or 1.0), dtype=np.float64)
    return first, np.asarray(seen * scale[:, None], dtype=np.float64), np.asarray(to_won * scale, dtype=np.float64)


def _steps(paths: Paths, times: Real, lasts: Whole) -> Real:
    """How often each channel was followed by each other one: all neighbours less those that are of two paths."""
    size = paths.channels
    pair = paths.channel[:-1] * size + paths.channel[1:]
    between = lasts[:-1]  # the last touch of a path and the first of the next
    once = bool((times == 1).all())  # counting is much quicker than adding up
    weight = None if once else np.repeat(times, paths.lengths)[:-1]
    seen = np.bincount(pair, weight, size * size) - np.bincount(
        pair[between], None if weight is None else weight[between], size * size
    )
    found = seen.reshape(size, size).astype(np.float64)
    np.fill_diagonal(found, 0.0)
    return found
