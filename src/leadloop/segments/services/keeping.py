"""Keeping segments."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from leadloop.criteria.compile import check
from leadloop.kernel.errors import Conflict, Invalid, NotFound
from leadloop.kernel.text import one_line
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.platform import queries as platform
from leadloop.segments.contracts import NewSegment
from leadloop.segments.facts import SegmentArchived, SegmentSaved
from leadloop.segments.models import Segment
from leadloop.segments.rules import check_segment


def save(*, segment: NewSegment, actor: Actor, now: datetime, segment_id: int | None = None) -> int:
    """Keep a new segment, or change the one of this id; return its id.

    Raises Invalid naming the place in the condition that can't be read, or an owner who does not work here; Conflict
    when another segment has the name; NotFound for an id that is not there or was put away.
    """
    check_segment(segment)
    if wrong := check(segment.criteria, str(segment.subject)):
        raise wrong
    if not platform.users({segment.owner_id}, active=True):
        raise Invalid("The owner has no active account", field="owner_id", mend="Name somebody who works here")
    values = {
        "name": one_line(segment.name),
        "subject": str(segment.subject),
        "criteria": segment.criteria,
        "owner_id": segment.owner_id,
        "note": segment.note.strip(),
        "changed_at": now,
    }
    try:
        with transaction.atomic():
            kept = _write(segment_id, values)
            fact = SegmentSaved(
                happened_at=now, segment_id=kept, subject=str(segment.subject), owner_id=segment.owner_id
            )
            record([fact], actor=actor)
    except IntegrityError:
        raise Conflict("There is a segment of this name", field="name", mend="Choose another name") from None
    return kept


def archive(*, segment_id: int, actor: Actor, now: datetime) -> None:
    """Put a segment away; doing it again changes nothing. Raises NotFound for one that never was."""
    with transaction.atomic():
        row = Segment.objects.select_for_update().filter(id=segment_id).first()
        if row is None:
            raise _missing(segment_id)
        if row.archived_at is None:
            row.archived_at = now
            row.save(update_fields=["archived_at"])
            record([SegmentArchived(happened_at=now, segment_id=segment_id)], actor=actor)


def hand_over_all(*, from_user: int, to_user: int, actor: Actor, now: datetime) -> int:
    """Give the segments in use that somebody answers for to a colleague; returns how many."""
    with transaction.atomic():
        mine = Segment.objects.select_for_update().filter(owner_id=from_user, archived_at__isnull=True).order_by("id")
        rows = list(mine.values_list("id", "subject"))
        Segment.objects.filter(id__in=[row[0] for row in rows]).update(owner_id=to_user, changed_at=now)
        facts = [SegmentSaved(happened_at=now, segment_id=i, subject=subject, owner_id=to_user) for i, subject in rows]
        record(facts, actor=actor)
    return len(rows)


def _write(segment_id: int | None, values: dict[str, object]) -> int:
    if segment_id is None:
        return int(Segment.objects.create(**values).id)
    if not Segment.objects.filter(id=segment_id, archived_at__isnull=True).update(**values):
        raise _missing(segment_id)
    return segment_id


def _missing(segment_id: int) -> NotFound:
    return NotFound(f"There is no segment {segment_id}", field="segment", mend="Choose one from the list")
