"""What is held of somebody, and how rows stood before a merge or an erasure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leadloop.kernel.values import dataclass


@dataclass(frozen=True, slots=True)
class Held:
    """How much one store holds about a person; `says` is what, in words."""

    store: str
    says: str
    count: int


@dataclass(frozen=True, slots=True)
class RowChange:
    """One change of one row, in values as PostgreSQL's to_jsonb gives them.

    `column` "*" stands for the whole row: `new` None means deleted, `old` None means inserted.
    """

    table: str
    id: int
    column: str
    old: Any
    new: Any

    def as_json(self) -> dict[str, Any]:
        """Return the entry of a merge journal."""
        return {"table": self.table, "id": self.id, "column": self.column, "old": self.old, "new": self.new}


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure took away: rows per store, and the ids under which the person was known."""

    person_ids: tuple[int, ...]
    rows: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether an id still stands for somebody: `survivor_id` is the id itself unless it was merged."""

    id: int
    survivor_id: int
    erased: bool
    family: str

    @property
    def is_whole(self) -> bool:
        """True for a person who was neither merged into another nor erased."""
        return self.survivor_id == self.id and not self.erased
