"""Who is in a segment, and whether each may be written to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from leadloop.criteria.compile import select_ids
from leadloop.kernel.decision import Decision
from leadloop.leads.queries import rows as lead_rows
from leadloop.mailing.contracts import Counted, Recipient
from leadloop.mailing.rules import counted
from leadloop.outreach.contracts import Channel, Purpose, Verdict
from leadloop.outreach.services import may_contact
from leadloop.segments.contracts import SegmentRow, Subject

STRIDE = 5000
T = TypeVar("T")


def recipients(segment: SegmentRow, now: datetime) -> list[Recipient]:
    """Everybody of a segment once, in the order of their ids; of several leads the newest counts.

    One query for people; for leads one more for every `STRIDE` of them.
    """
    ids = select_ids(segment.criteria, str(segment.subject), now)
    if segment.subject is Subject.PERSON:
        return [Recipient(person_id, None) for person_id in ids]
    newest: dict[int, int] = {}
    for some in _strides(ids):
        for lead_id, row in lead_rows(some).items():
            newest[row.person_id] = max(lead_id, newest.get(row.person_id, 0))
    return [Recipient(person_id, lead_id) for person_id, lead_id in sorted(newest.items())]


def decisions(found: Sequence[Recipient], now: datetime) -> list[Decision[Verdict]]:
    """What the contact policy says of each, in order. A constant number of queries for every `STRIDE`."""
    said: list[Decision[Verdict]] = []
    for some in _strides(found):
        said += may_contact([(one.person_id, Channel.EMAIL, Purpose.MARKETING) for one in some], now=now)
    return said


def count(segment: SegmentRow, now: datetime) -> Counted:
    """How many of a segment would get a letter now, later or never."""
    return counted(decisions(recipients(segment, now), now))


def first_wanted(segment: SegmentRow, now: datetime, limit: int) -> list[Recipient]:
    """Some who would get it, to look at the letter with."""
    found = recipients(segment, now)[:STRIDE]
    wanted = [
        one
        for one, said in zip(found, decisions(found, now), strict=True)
        if said.outcome.may or said.outcome.later_at is not None
    ]
    return wanted[:limit]


def _strides(found: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(found), STRIDE):
        yield found[start : start + STRIDE]
