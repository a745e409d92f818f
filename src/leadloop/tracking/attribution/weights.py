"""The rules that share a win out among the touches of its own path. Each gives weights that add up to 1 per path."""

from __future__ import annotations

import numpy as np

from leadloop.tracking.attribution.paths import Paths, Real

HALF_LIFE_DAYS = 7.0
ENDS = 0.4  # what the first and the last touch get each under `position`; those between share the rest


def first(paths: Paths) -> Real:
    """Everything to the touch that began the path."""
    return _only(paths, paths.offsets[:-1])


def last(paths: Paths) -> Real:
    """Everything to the last touch before the end."""
    return _only(paths, paths.offsets[1:] - 1)


def linear(paths: Paths) -> Real:
    """The same to every touch."""
    lengths = paths.lengths
    return np.repeat(np.divide(1.0, lengths, where=lengths > 0, out=np.zeros(len(lengths))), lengths)


def position(paths: Paths) -> Real:
    """40 % to the first and to the last, 20 % shared by those between; of two touches half to each."""
    lengths = paths.lengths
    between = np.where(lengths > 2, (1 - 2 * ENDS) / np.maximum(lengths - 2, 1), 0.0)
    ends = np.select([lengths == 1, lengths == 2], [1.0, 0.5], ENDS)
    found = np.repeat(between, lengths)
    long = lengths > 0
    found[paths.offsets[:-1][long]] = ends[long]
    found[paths.offsets[1:][long] - 1] = ends[long]
    return found


def time_decay(paths: Paths, half_life: float = HALF_LIFE_DAYS) -> Real:
    """A touch so many days older weighs half as much. Formula: 2^(-age / half-life), as share of its path."""
    lengths = paths.lengths
    youngest = np.zeros(len(lengths))
    has = lengths > 0
    if has.any():
        youngest[has] = np.minimum.reduceat(paths.age, paths.offsets[:-1][has])
    # Measured from the youngest touch, so that a path that lies far back does not vanish in rounding.
    weight = np.exp2(-(paths.age - np.repeat(youngest, lengths)) / half_life)
    return np.asarray(weight / np.repeat(_sums(paths, weight), lengths), dtype=np.float64)


def shapley(paths: Paths) -> Real:
    """The same to every channel of the path, whatever the number of its touches.

    This is the exact Shapley value of the game in which a set of channels is worth the wins of all paths that need no
    other channel: each path is worth something only to sets with all of its channels, so its channels share alike.
    """
    key = paths.path * paths.channels + paths.channel
    _, inverse, count = np.unique(key, return_inverse=True, return_counts=True)
    per_channel = 1.0 / count[inverse]  # the touches of one channel in one path are one share together
    return np.asarray(per_channel / np.repeat(_sums(paths, per_channel), paths.lengths), dtype=np.float64)


def _only(paths: Paths, places: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Real:
    found = np.zeros(len(paths.channel))
    found[places[paths.touched]] = 1.0
    return found


def _sums(paths: Paths, weight: Real) -> Real:
    """Sum by path; 1 for a path without touches, so that it divides."""
    found = np.ones(len(paths.wins))
    has = paths.touched
    if has.any():
        found[has] = np.add.reduceat(weight, paths.offsets[:-1][has])
    return found
