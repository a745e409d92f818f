"""The money that leaks: how many leads were treated badly, times the chance that cost, times what a win is worth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from leadloop.kernel.values import dataclass

RULE_OF_45 = 0.45  # of inquiries turn into a sale for someone
PRIOR_LEADS = 20.0  # what the rule counts for, beside the company's own leads
DRAWS, SEED = 4_000, 45
LOW, HIGH = 0.1, 0.9


@dataclass(frozen=True, slots=True)
class Group:
    """Leads that were treated alike, long enough ago to know what came of them."""

    leads: int
    wins: int

    def __add__(self, other: Group) -> Group:
        """Both together."""
        return Group(self.leads + other.leads, self.wins + other.wins)


@dataclass(frozen=True, slots=True)
class Treated:
    """Leads that may be compared: how many were treated badly just now, and what became of well and badly treated."""

    affected: int
    well: Group
    badly: Group


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


def loss(groups: Sequence[Treated], *, worth: Worth, before: float) -> Loss | None:
    """What the `affected` leads of these groups cost, against their having been treated well.

    Formula, summed over the groups: affected × (chance of those treated well − chance of those treated badly, never
    below nought) × mean worth of a win. Each chance is shrunk to that of well and badly treated ones together, and
    this to `before`. The range comes from 4,000 draws of how many would have been won and of what they would have
    brought: both chances (beta distributions around `chance`), the wins at such a chance (binomial), and their worth
    (normal: the standard error of the mean, and the deviation of each win); the same figures give the same range.
    """
    if not worth.wins:
        return None
    dice = np.random.default_rng(SEED)
    expected, wins, good, bad = 0.0, np.zeros(DRAWS), 0.0, 0.0
    for group in groups:
        usual = chance(group.well + group.badly, before)
        well, badly = chance(group.well, usual), chance(group.badly, usual)
        likely = dice.beta(*_beta(group.well, usual), DRAWS) - dice.beta(*_beta(group.badly, usual), DRAWS)
        wins += dice.binomial(group.affected, np.maximum(likely, 0.0))
        expected += group.affected * max(well - badly, 0.0) * worth.mean
        good, bad = good + group.affected * well, bad + group.affected * badly
    error = worth.deviation / np.sqrt(worth.wins) if worth.wins > 1 else worth.mean / 2
    brought = wins * dice.normal(worth.mean, error, DRAWS) + np.sqrt(wins) * dice.normal(0.0, worth.deviation, DRAWS)
    low, high = np.quantile(np.maximum(brought, 0.0), [LOW, HIGH])
    affected = max(1, sum(group.affected for group in groups))
    return Loss(round(expected), round(float(low)), round(float(high)), good / affected, bad / affected)


def _beta(group: Group, before: float) -> tuple[float, float]:
    return group.wins + PRIOR_LEADS * before, group.leads - group.wins + PRIOR_LEADS * (1 - before)
