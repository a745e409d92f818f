"""Who is called next: the most urgent leads of somebody's worklist, each with its place in the queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from leadloop.kernel.decision import Reason
from leadloop.leads.contracts import LeadRow, PromiseKind, PromiseRow, PromiseState, Tab
from leadloop.leads.queries import promises, worklist
from leadloop.outreach.contracts import Calling
from leadloop.outreach.services import may_call
from leadloop.platform.contracts import Viewer
from leadloop.selling.contracts import ActivityRow
from leadloop.selling.queries import activities
from leadloop.selling.rules import Place, Tried, place_of, tried

LOOKED_AT = 200  # of the worklist, the most urgent first


@dataclass(frozen=True, slots=True)
class Entry:
    """A lead in the queue. `until` is when it is looked at again; `done` what was logged on it, the newest first."""

    lead: LeadRow
    place: Place
    until: datetime | None
    reasons: tuple[Reason, ...]
    calling: Calling
    tried: Tried
    done: Sequence[ActivityRow]


def queue_of(viewer: Viewer, *, now: datetime) -> list[Entry]:
    """The queue in its order: what is due first, of equally due what is worth most, then the oldest. Seven queries."""
    return entries(worklist(viewer, tab=Tab.ALL, limit=LOOKED_AT, now=now).rows, now=now)


def entries(leads: Sequence[LeadRow], *, now: datetime) -> list[Entry]:
    """These leads with their places, in the same order. Six queries."""
    if not leads:
        return []
    ids = [lead.id for lead in leads]
    owed, done = promises(ids), activities(ids)
    callings = may_call({lead.person_id for lead in leads}, now=now)
    return [_entry(lead, owed.get(lead.id, ()), done[lead.id], callings, now) for lead in leads]


def at_place(queue: Sequence[Entry], place: Place) -> list[Entry]:
    """Those of one place; who rests or sleeps comes in the order of their time."""
    found = [entry for entry in queue if entry.place is place]
    if place in (Place.LATER, Place.QUIET):
        return sorted(found, key=lambda entry: entry.until or entry.lead.opened_at)
    return found


def _entry(
    lead: LeadRow,
    owed: Sequence[PromiseRow],
    done: Sequence[ActivityRow],
    callings: Mapping[int, Calling],
    now: datetime,
) -> Entry:
    so_far = tried(done)
    calling = callings.get(lead.person_id, NOBODY)
    steps = [row.due_at for row in owed if row.state is PromiseState.RUNNING and row.kind == PromiseKind.NEXT_STEP]
    found = place_of(
        so_far, calling, due_kind=lead.due_kind, due_at=lead.due_at, step_at=min(steps, default=None), now=now
    )
    return Entry(lead, found.outcome.place, found.outcome.until, found.reasons, calling, so_far, done)


NOBODY = Calling(
    number="",
    may=False,
    later_at=None,
    zone="UTC",
    zone_known=False,
    code="no_number",
    reason="There is nobody to call",
)
