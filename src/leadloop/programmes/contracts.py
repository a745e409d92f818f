"""What crosses the door of `programmes`."""

from __future__ import annotations

from dataclasses import field
from datetime import date, datetime
from enum import StrEnum

from leadloop.kernel.values import dataclass


class Level(StrEnum):
    """The levels of the tree, from the top; each one's parent is of the level before."""

    PROGRAMME = "programme"
    CAMPAIGN = "campaign"
    ACTIVITY = "activity"


class CostKind(StrEnum):
    """What the money went to."""

    MEDIA = "media"
    EVENT = "event"
    CONTENT = "content"
    TOOL = "tool"
    PEOPLE = "people"
    AGENCY = "agency"
    OVERHEAD = "overhead"


class Allocation(StrEnum):
    """How a shared cost is spread over the programmes; NONE for a cost of one programme."""

    NONE = ""
    BY_INQUIRIES = "by_inquiries"
    BY_SPEND = "by_spend"
    EVENLY = "evenly"


@dataclass(frozen=True, slots=True)
class NewSource:
    """A source to add; `channel` is its kind, such as paid_search or event."""

    key: str
    label: str
    channel: str = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProgramme:
    """A node of the tree to set up. `parent_key` may name a node of the same batch; "" for the top."""

    key: str
    name: str
    owner_id: int
    starts_on: date
    level: Level = Level.PROGRAMME
    parent_key: str = ""
    source_id: int | None = None
    goal: str = ""
    ends_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend:
    """A cost to book, above nought, in minor units. Without a programme it is shared and needs an allocation."""

    minor: int
    currency: str
    kind: CostKind
    booked_on: date
    programme_id: int | None = None
    allocation: Allocation = Allocation.NONE
    paid_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """Take `minor` units off a booked cost, in its own currency; None takes off all that is left of it."""

    cost_id: int
    minor: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class TouchHint:
    """What a visit said about where it came from; parts that are missing are "" or None."""

    utm_source: str | None = None
    utm_medium: str | None = None
    utm_campaign: str | None = None
    referrer: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """The first rule whose every part fits names source, programme or both.

    `*` stands for any text, also none; case does not count; a part without `*` must be equal.
    """

    order: int
    utm_source: str = "*"
    utm_medium: str = "*"
    utm_campaign: str = "*"
    referrer: str = "*"
    source_id: int | None = None
    programme_id: int | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """What a hint led to; `rule` is the order of the rule that said so, None when none fitted."""

    source_id: int | None = None
    programme_id: int | None = None
    rule: int | None = None


@dataclass(frozen=True, slots=True)
class SourceRow:
    """Where a touch came from."""

    id: int
    key: str
    label: str
    channel: str


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """A node of the tree. `path` are the ids from the top down to this one."""

    id: int
    key: str
    name: str
    level: Level
    parent_id: int | None
    owner_id: int
    source_id: int | None
    goal: str
    starts_on: date
    ends_on: date | None
    path: tuple[int, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class CostRow:
    """A line of the cost book. A correction is negative and names the line it corrects."""

    id: int
    programme_id: int | None
    kind: CostKind
    minor: int
    currency: str
    base_minor: int
    booked_on: date
    paid_on: date | None
    allocation: Allocation
    note: str
    corrects_id: int | None


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """Money asked for, and what was approved of it, by name; the last three None while it is open."""

    id: int
    programme_id: int
    minor: int
    currency: str
    asked_by_id: int
    asked_at: datetime
    approved_by_id: int | None
    approved_at: datetime | None
    approved_minor: int | None


@dataclass(frozen=True, slots=True)
class Total:
    """Base-currency cost of a node: `own` booked on it, `rolled_up` with everything below it."""

    own: int
    rolled_up: int
