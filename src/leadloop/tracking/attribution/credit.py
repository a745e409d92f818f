"""Credit by model: as real numbers for comparing, and as money that adds up to the cent."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from leadloop.kernel.errors import NotFound
from leadloop.kernel.money import allocate
from leadloop.tracking.attribution import weights
from leadloop.tracking.attribution.markov import Chain, chain_of, removal_effects
from leadloop.tracking.attribution.paths import Paths, Real, Whole

Rule = Callable[[Paths], Real]
MARKOV = "markov"
RULES: dict[str, Rule] = {
    "first": weights.first,
    "last": weights.last,
    "linear": weights.linear,
    "position": weights.position,
    "time_decay": weights.time_decay,
    "shapley": weights.shapley,
}
MODELS = (*RULES, MARKOV)


def attribute(paths: Paths, model: str, *, of: str = "wins", chain: Chain | None = None) -> Real:
    """What each channel is credited with, of `wins` (a number) or of `worth` (minor units, unrounded).

    Over all channels it is the wins, or the worth, of the paths that have a touch. Markov shares the whole out by
    removal effects on the same, learnt from the `chain` where that is of more paths than these; the other models share
    each path's out among its own touches. NotFound names the models.
    """
    amount = _amount(paths, of)
    if model == MARKOV:
        return np.asarray(_shares(chain or chain_of(paths), of) * amount[paths.touched].sum(), dtype=np.float64)
    rule = _rule(model)
    paths, amount = paths.only(amount != 0), amount[amount != 0]  # where nothing came of it there is nothing to share
    credited = np.bincount(paths.channel, rule(paths) * np.repeat(amount, paths.lengths), paths.channels)
    return np.asarray(credited, dtype=np.float64)


def credit_to_the_cent(paths: Paths, model: str, *, chain: Chain | None = None) -> tuple[Whole, int]:
    """Minor units of `worth` credited to each channel, and what no channel can be credited with: the whole, exactly.

    Under the rules each path's worth is shared out to the cent among its own touches; under Markov the whole is. Units
    that are left over go to the largest remainders. What is not credited is the worth of paths without a touch, and
    under Markov everything where no channel had an effect. `chain` as of `attribute`.
    """
    untouched = int(paths.worth[~paths.touched].sum())
    if model == MARKOV:
        total = int(paths.worth[paths.touched].sum())
        effects = removal_effects(chain or chain_of(paths), of="worth")
        if not effects.any():
            return np.zeros(paths.channels, dtype=np.int64), untouched + total
        return np.array(allocate(total, [Fraction(one) for one in effects]), dtype=np.int64), untouched
    paths = paths.only(paths.worth != 0)
    minor = share_of_touches(paths, model)
    found = np.zeros(paths.channels, dtype=np.int64)
    np.add.at(found, paths.channel, minor)
    return found, untouched


def share_of_touches(paths: Paths, model: str) -> Whole:
    """Minor units that each touch is credited with under a rule; those of a path add up to its worth exactly."""
    weight = _rule(model)(paths)
    worth = np.repeat(paths.worth, paths.lengths)
    exact = weight * np.abs(worth)
    parts = np.floor(exact).astype(np.int64)
    left = np.abs(paths.worth)
    if len(parts):
        left = left - np.bincount(paths.path, parts, len(paths.worth)).astype(np.int64)
    parts += _leftover(paths, exact - parts, np.where(paths.touched, left, 0))
    return np.sign(worth) * parts


def _leftover(paths: Paths, remainder: Real, left: Whole) -> Whole:
    """One unit more for the largest remainders of each path, the earlier touch first among equals."""
    touch_left = np.repeat(left, paths.lengths)
    (open_,) = np.nonzero(touch_left)
    path = paths.path[open_]
    # Sorted by path and remainder at once, as one whole number; the sort leaves equals in their order.
    billionths = np.rint(remainder[open_] * 1e9).astype(np.int64)
    order = np.argsort((path << 31) - billionths, kind="stable")
    rank = np.arange(len(order)) - path.searchsorted(path)  # the order of paths is what it was
    more = np.zeros(len(remainder), dtype=np.int64)
    owed = touch_left[open_][order]
    more[open_[order]] = np.where(rank < np.abs(owed), np.sign(owed), 0)
    return more


def _shares(chain: Chain, of: str) -> Real:
    effects = removal_effects(chain, of=of)
    total = effects.sum()
    return effects / total if total else effects


def _rule(model: str) -> Rule:
    if model not in RULES:
        raise NotFound(f"There is no model {model}", field="model", mend=f"There are: {', '.join(MODELS)}")
    return RULES[model]


def _amount(paths: Paths, of: str) -> NDArray[np.float64]:
    return paths.wins if of == "wins" else paths.worth.astype(np.float64)
