"""What is true of every inquirer, known to the simulator alone: who would buy, and what each touch does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Intent(StrEnum):
    """What somebody is after. Close to half of all who raise a hand buy from someone within a year."""

    BUYING = "buying"  # decides within weeks
    LATER = "later"  # decides within the year
    CURIOUS = "curious"  # reads, and may buy from nobody
    NONE = "none"  # never a buyer for us


SHARES: Mapping[Intent, float] = {Intent.BUYING: 0.24, Intent.LATER: 0.21, Intent.CURIOUS: 0.37, Intent.NONE: 0.18}

# The chance to win somebody over who is contacted within a day and looked after.
CHANCE: Mapping[Intent, float] = {Intent.BUYING: 0.42, Intent.LATER: 0.16, Intent.CURIOUS: 0.02, Intent.NONE: 0.0}

# What it is worth to come early: (within so many days, share of the chance that is left).
SPEED = ((1.0, 1.0), (3.0, 0.75), (7.0, 0.45), (float("inf"), 0.2))
MEETING, LETTER = 1.15, 1.08  # what a meeting, and any useful letter before, do to the chance


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquirer:
    """A person and all that is true of them. `threshold` from 0 to 1: they buy when the chance lies above it.

    `worth` is what they would spend, in minor units of `currency`; `decides_in` the days from first hand to decision.
    People of one `project` buy together or not at all; it is the number of the one who began it. `anyway` tells that
    they would have raised a hand without the programme that brought them too.
    """

    number: int
    project: int
    given: str
    family: str
    email: str
    phone: str
    firm: str
    domain: str
    industry: str
    employees: int
    country: str
    city: str
    language: str
    title: str
    interest: str
    intent: Intent
    threshold: float
    worth: int
    currency: str
    decides_in: int
    programme: str = ""
    anyway: bool = True


@dataclass(frozen=True, slots=True)
class Hand:
    """One delivery: who raises a hand, when, through which portal, because of which programme.

    `twist` says what is odd about it: "" nothing, "again" the same person once more, "support", "job" or "supplier"
    no buyer, "trap" a machine, "mute" nobody can answer, "broken" can't be read.
    """

    number: int
    at: datetime
    portal: str
    programme: str
    inquirer: int
    twist: str


@dataclass(frozen=True, slots=True)
class Truth:
    """Everything that was decided beforehand; hands in the order of their moments."""

    seed: int
    start: datetime
    end: datetime
    inquirers: tuple[Inquirer, ...]
    hands: tuple[Hand, ...]


def chance(who: Inquirer, *, days_to_contact: float, met: bool, written_to: bool, lift: float = 1.0) -> float:
    """The chance that they buy from us, after what was done; `lift` is what programmes add to it."""
    left = next(share for within, share in SPEED if days_to_contact <= within)
    won = CHANCE[who.intent] * left * (MEETING if met else 1.0) * (LETTER if written_to else 1.0) * lift
    return min(1.0, won)


def buys(who: Inquirer, *, days_to_contact: float, met: bool, written_to: bool, lift: float = 1.0) -> bool:
    """Whether they buy, after what was done."""
    return who.threshold < chance(who, days_to_contact=days_to_contact, met=met, written_to=written_to, lift=lift)


def by_number(inquirers: Sequence[Inquirer]) -> dict[int, Inquirer]:
    """Inquirers by their number."""
    return {one.number: one for one in inquirers}
