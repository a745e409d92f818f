"""What crosses the door of `enrichment`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from leadloop.kernel.values import dataclass

# What may be asked of a firm, in the words of `people`.
FIELDS = ("industry", "employees", "country", "city", "website", "attributes.revenue")


class Overwrite(StrEnum):
    """When a found value may take the place of the one that stands."""

    NEVER = "never"
    EMPTY = "empty"  # only where there is none
    OLDER = "older"  # where there is none, or a provider's that was found long ago
    ALWAYS = "always"  # where there is none, or a provider's


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How one field is written. `days` is how long a value is young, for OLDER.

    `over_people`: what somebody said or entered by hand may be overwritten like a provider's; otherwise it never is.
    """

    field: str
    overwrite: Overwrite = Overwrite.EMPTY
    days: int = 180
    over_people: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A firm that a provider is asked about. `name_key` is its name without legal form, `domain` None when unknown."""

    company_id: int
    name_key: str
    domain: str | None
    country: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a provider says of one field of a firm, and in which file or record at which place it stands."""

    company_id: int
    field: str
    value: str | int
    origin: str
    place: str


class Provider(Protocol):
    """Somebody to ask about firms. A batch at a time; may be slow, so it is never asked within a transaction."""

    key: str
    label: str
    fields: Sequence[str]

    def look_up(self, asked: Sequence[Asked]) -> Sequence[Finding]:
        """What is known of these firms: at most one finding per firm and field; nothing for a firm nobody knows."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountIn:
    """One row of a file of firms. `place` is where it stands, such as "row 12"; `values` by FIELDS."""

    place: str
    name: str = ""
    domain: str | None = None
    country: str = ""
    values: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of firms that is kept to be asked."""

    id: int
    name: str
    rows: int
    added_by: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run. asked = firms; found = changed + refused findings; `refused` by reason."""

    id: int
    why: str
    began_by: str
    began_at: datetime
    asked: int
    found: int
    changed: int
    refused: Mapping[str, int]
    undone_at: datetime | None
    taken_back: int
    kept: int


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the value that a provider wrote comes from; `value` as text, to see whether it still stands."""

    company_id: int
    field: str
    value: str
    provider: str
    origin: str
    place: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What undoing a run did: values that went back, and those that stay because they changed again."""

    changes: int
    kept: int
