"""What crosses the door of `segments`."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Any

from leadloop.kernel.values import dataclass


class Subject(StrEnum):
    """What a segment is made of."""

    LEAD = "lead"
    PERSON = "person"


class Sharing(StrEnum):
    """Who finds a saved view in their rail: its maker, the maker's team, or everybody."""

    PRIVATE = "private"
    TEAM = "team"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSegment:
    """A segment to keep. `criteria` is a condition (see `criteria`) about leads or persons."""

    name: str
    subject: Subject
    criteria: dict[str, Any]
    owner_id: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """A segment as it stands; `archived_at` is set once nobody should use it any more."""

    id: int
    name: str
    subject: Subject
    criteria: dict[str, Any]
    owner_id: int
    note: str
    changed_at: datetime
    archived_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewView:
    """A view to keep: the filters and order of a list, by their names in its address."""

    name: str
    page: str
    asked: dict[str, str] = field(default_factory=dict)
    sharing: Sharing = Sharing.PRIVATE
    pinned: bool = True


@dataclass(frozen=True, slots=True)
class ViewRow:
    """A saved view; `pinned` views stand in the rail."""

    id: int
    name: str
    page: str
    asked: dict[str, str]
    sharing: Sharing
    pinned: bool
    user_id: int
