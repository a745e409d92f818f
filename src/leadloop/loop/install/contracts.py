"""What an installation is told, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping

from leadloop.agreement.contracts import Leadership
from leadloop.kernel.values import dataclass

OFFICE = (("09:00", "17:30"),)
WORKING_WEEK = (OFFICE, OFFICE, OFFICE, OFFICE, OFFICE, (), ())


@dataclass(frozen=True, slots=True)
class Firm:
    """The company itself. `week` has the opening hours of seven days, Monday first."""

    name: str
    zone: str = "UTC"
    country: str = ""
    subdivision: str = ""
    currency: str = "EUR"
    fiscal_year_start: int = 1
    leadership: Leadership = "joint"
    week: tuple[tuple[tuple[str, str], ...], ...] = WORKING_WEEK


@dataclass(frozen=True, slots=True)
class Squad:
    """A team of kind own, partner or agency; `manager` is a colleague's e-mail address, "" for nobody."""

    key: str
    name: str
    manager: str = ""
    kind: str = "own"


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works there; without a password they can't sign in yet."""

    email: str
    name: str
    roles: tuple[str, ...]
    squad: str = ""
    password: str | None = None
    language: str = "en"
    weight: int = 1  # turns in the pool of salespeople, for those who are in it


@dataclass(frozen=True, slots=True)
class Installed:
    """Ids by name of what stands now: users by e-mail address, the rest by key."""

    users: Mapping[str, int]
    interests: Mapping[str, int]
    sources: Mapping[str, int]
    portals: Mapping[str, int]
