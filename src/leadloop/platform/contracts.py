"""What crosses the door of `platform`."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from leadloop.kernel.values import dataclass
from leadloop.platform.roles import GRANTS, NOTHING, Capability, Role, Scope, Verb, widest


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who is signed in, or who holds a token.

    `team_ids` are the own team (`team_id`, None without one), the teams the user manages and all teams below those.
    `limits` are the scopes of the token ("leads:see", …) when one was used; None when the user signed in and nothing
    narrows the roles.
    """

    user_id: int
    name: str
    roles: frozenset[str]
    team_ids: frozenset[int]
    zone: str
    language: str
    limits: frozenset[str] | None = None
    team_id: int | None = None

    def scope(self, capability: Capability | str, verb: Verb) -> Scope:
        """How far this right reaches: the widest over the roles; none for what nobody has heard of."""
        if self.limits is not None and f"{capability}:{verb}" not in self.limits:
            return Scope.NONE
        return widest([getattr(_granted(role, capability), verb) for role in self.roles])

    def may(self, capability: Capability | str, verb: Verb) -> bool:
        """True when this right reaches anything at all."""
        return self.scope(capability, verb) is not Scope.NONE


def _granted(role: str, capability: str) -> Any:
    try:
        return GRANTS[Role(role)][Capability(capability)]
    except ValueError:
        return NOTHING


@dataclass(frozen=True, slots=True)
class UserRow:
    """A user as other rooms see one. `calendar_id` None means the company's calendar."""

    id: int
    name: str
    email: str
    roles: tuple[str, ...]
    team_id: int | None
    zone: str
    language: str
    is_active: bool
    calendar_id: int | None


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team; `kind` is own, partner or agency."""

    id: int
    key: str
    name: str
    kind: str
    parent_id: int | None
    manager_id: int | None


@dataclass(frozen=True, slots=True)
class Company:
    """How this company is set up. `fiscal_year_start` is a month from 1; `sending_held_since` None: mail goes out."""

    name: str
    zone: str
    currency: str
    country: str
    fiscal_year_start: int
    calendar_id: int
    sending_held_since: datetime | None
    sending_held_why: str


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """A working calendar as it is edited; `week` has seven lists of ("09:00", "17:30") pairs, Monday first."""

    id: int
    key: str
    name: str
    zone: str
    week: tuple[tuple[tuple[str, str], ...], ...]
    country: str
    subdivision: str
    extra_holidays: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """When somebody is away, and who stands in (None: nobody)."""

    id: int
    user_id: int
    starts_at: datetime
    ends_at: datetime
    deputy_id: int | None
    note: str


@dataclass(frozen=True, slots=True)
class RateIn:
    """One unit of `currency` cost `rate` units of the company's currency on `day`."""

    day: date
    currency: str
    rate: Decimal
    source: str = ""


@dataclass(frozen=True, slots=True)
class RateRow:
    """A dated rate as it stands: one unit of `currency` in units of `base`."""

    day: date
    currency: str
    base: str
    rate: Decimal
    source: str


@dataclass(frozen=True, slots=True, order=True)
class MissingRate:
    """No rate on or before `day` from `currency` to `base`."""

    currency: str
    day: date
    base: str


@dataclass(frozen=True, slots=True)
class TokenRow:
    """An API token without its secret; `prefix` is how it begins."""

    id: int
    user_id: int
    name: str
    prefix: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class BeatRow:
    """The last sign of life of a process."""

    process: str
    pid: int
    host: str
    at: datetime
    detail: dict[str, Any]
