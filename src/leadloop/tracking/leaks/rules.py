"""The money that leaks: how many leads were treated badly, times the chance that cost, times what a win is worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

RULE_OF_45 = 0.45  # of inquiries turn into a sale for someone
PRIOR_LEADS = 20.0  # what the rule counts for, beside the company's own leads
DRAWS, SEED = 4_000, 45
LOW, HIGH = 0.1, 0.9


@dataclass(frozen=True, slots=True)
class Group:
    """Leads that were treated alike, long enough ago to know what came of them."""

    leads: int
    wins: int


@dataclass(frozen=True, slots=True)
class Worth:
    """What wins brought in: mean and standard deviation in minor units, and of how many."""

    mean: float
    deviation: float
    wins: int


@dataclass(frozen=True, slots=True)
class Loss:
    """Money in minor units: what is expected, and the range in which it lies in eight of ten cases.

    None where the company has not won anything yet: then there is no value to reckon with.
    """

    expected: int
    low: int
    high: int
    chance_well: float
    chance_badly: float


def prior(decided_won: int, decided_lost: int) -> float:
    """The chance to win a lead before own figures are looked at.

    By the rule of 45, 0.45 of all who ask buy from someone; of those who decided while we were in the running,
    (won + 1) / (won + lost + 2) chose us. Formula: the product.
    """
    return RULE_OF_45 * (decided_won + 1) / (decided_won + decided_lost + 2)


def chance(group: Group, before: float) -> float:
    """The group's chance to win, shrunk to `before`: (wins + 20 before) / (leads + 20)."""
    return (group.wins + PRIOR_LEADS * before) / (group.leads + PRIOR_LEADS)


def loss(affected: int, *, well: Group, badly: Group, worth: Worth, before: float) -> Loss | None:
    """What `affected` leads that were treated badly cost, against their having been treated well.

    Formula: affected × (chance of those treated well − chance of those treated badly) × mean worth of a win, never
    below nought. The range comes from 4,000 draws of both chances (beta distributions around `chance`) and of the mean
    worth (normal, with the standard error of the wins seen); the same figures give the same range.
    """
    if not worth.wins:
        return None
    good, bad = chance(well, before), chance(badly, before)
    dice = np.random.default_rng(SEED)
    drawn = dice.beta(*_beta(well, before), DRAWS) - dice.beta(*_beta(badly, before), DRAWS)
    error = worth.deviation / np.sqrt(worth.wins) if worth.wins > 1 else worth.mean / 2
    values = np.maximum(dice.normal(worth.mean, error, DRAWS), 0.0)
    low, high = np.quantile(affected * np.maximum(drawn, 0.0) * values, [LOW, HIGH])
    expected = affected * max(good - bad, 0.0) * worth.mean
    return Loss(round(expected), round(float(low)), round(float(high)), good, bad)


def _beta(group: Group, before: float) -> tuple[float, float]:
    return group.wins + PRIOR_LEADS * before, group.leads - group.wins + PRIOR_LEADS * (1 - before)
