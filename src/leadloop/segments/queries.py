"""Named reads of the room; one query each."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Q

from leadloop.kernel.errors import NotFound
from leadloop.platform.contracts import Viewer
from leadloop.segments.contracts import SegmentRow, Sharing, Subject, ViewRow
from leadloop.segments.models import Segment, View

_SEGMENT = ("id", "name", "subject", "criteria", "owner_id", "note", "changed_at", "archived_at")
_VIEW = ("id", "name", "page", "asked", "sharing", "pinned", "user_id")


def segments() -> list[SegmentRow]:
    """Every segment that can be used, by name."""
    found = Segment.objects.filter(archived_at__isnull=True).order_by("name", "id")
    return [_segment(row) for row in found.values_list(*_SEGMENT)]


def segment(segment_id: int) -> SegmentRow:
    """One segment, also one that was put away. Raises NotFound when there is none."""
    row = Segment.objects.filter(id=segment_id).values_list(*_SEGMENT).first()
    if row is None:
        raise NotFound(f"There is no segment {segment_id}", field="segment", mend="Choose one from the list")
    return _segment(row)


def segments_by_id(ids: Collection[int]) -> dict[int, SegmentRow]:
    """These segments, also those that were put away; unknown ids are left out."""
    found = [_segment(row) for row in Segment.objects.filter(id__in=ids).values_list(*_SEGMENT)] if ids else []
    return {row.id: row for row in found}


def segment_names(ids: set[int]) -> dict[int, str]:
    """Names by id."""
    return dict(Segment.objects.filter(id__in=ids).values_list("id", "name")) if ids else {}


def owned_by(user_id: int) -> int:
    """How many segments in use somebody answers for."""
    return Segment.objects.filter(owner_id=user_id, archived_at__isnull=True).count()


def views(viewer: Viewer, *, page: str = "", pinned: bool | None = None) -> list[ViewRow]:
    """The views that the viewer may use: their own, those of their team, and everybody's; own ones first."""
    mine = Q(user_id=viewer.user_id) | Q(sharing=Sharing.PUBLIC)
    if viewer.team_id is not None:
        mine |= Q(sharing=Sharing.TEAM, team_id=viewer.team_id)
    found = View.objects.filter(mine)
    if page:
        found = found.filter(page=page)
    if pinned is not None:
        found = found.filter(pinned=pinned)
    rows = [_view(row) for row in found.order_by("name", "id").values_list(*_VIEW)]
    return sorted(rows, key=lambda row: row.user_id != viewer.user_id)


def _segment(row: tuple[Any, ...]) -> SegmentRow:
    values = dict(zip(_SEGMENT, row, strict=True))
    return SegmentRow(**{**values, "subject": Subject(values["subject"])})


def _view(row: tuple[Any, ...]) -> ViewRow:
    values = dict(zip(_VIEW, row, strict=True))
    return ViewRow(**{**values, "sharing": Sharing(values["sharing"])})
