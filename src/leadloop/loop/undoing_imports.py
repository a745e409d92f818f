"""Taking a whole import back: leads closed, persons withdrawn, changes of others put back, as far as nobody has
worked on them since.

Terms: a person *came by* a run when its row made them known; a lead is *touched* when a user did something about it,
it has a deal, something was written to its person, or an inquiry of another origin is on it. Guarantee: what is
touched stays as it is, and is counted; everything else stands as before the import, and the ledger tells both. Steps,
for some hundred persons at a time, each in a transaction of its own, so that it can be broken off and gone on with:
leads that the run opened are closed; persons who came by it and have nothing left go; of the others the changes made
at the moments of their rows go back, newest first, where the field still says what the row wrote.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from leadloop.capture.imports import undoing
from leadloop.capture.imports.undoing import RowDone
from leadloop.distribution import services as distribution
from leadloop.identity import queries as persons
from leadloop.identity import services as identity
from leadloop.leads import services as leads
from leadloop.ledger.contracts import Actor, Lane
from leadloop.ledger.queries import worked_on
from leadloop.ledger.services import lane
from leadloop.loop.intake import INTAKE
from leadloop.people import services as people
from leadloop.people.contracts import Standing
from leadloop.selling.queries import opportunities_of

PERSONS = 500  # at a time
VERB = "import"
# What was said to somebody can't be unsaid, so they stay.
SAID = ("message.sent", "activity.logged", "message.unsubscribed")


@dataclass
class _Part:
    """The rows of some persons, and what speaks for leaving them alone."""

    standing: Mapping[int, Standing]
    came: set[int]
    opened: set[int]
    touched_leads: Set[int | None]
    touched_persons: Set[int]


def take_back(run_id: int, *, actor: Actor, now: datetime) -> dict[str, int]:
    """Take a run back and return what went: leads, persons, changes, and how much was kept because it changed since.

    Broken off at any point, it can be done again and goes on. Conflict while the run is at work, after thirty days,
    and a second time. Facts travel on the bulk lane.
    """
    undoing.begin_undo(run_id, now=now)
    with lane(Lane.BULK):
        while _take_back_some(run_id, actor, now):
            pass
        return undoing.end_undo(run_id, actor=actor, now=now)


@transaction.atomic
def _take_back_some(run_id: int, actor: Actor, now: datetime) -> bool:
    rows = undoing.next_rows(run_id, persons=PERSONS)
    if not rows:
        return False
    part = _look(run_id, rows)
    closed = _close(part, actor, now)
    gone = set(people.withdraw(part.came - part.touched_persons, actor=actor, now=now))
    staying = {(row.person_id, row.at) for row in rows if row.person_id not in gone}
    back = people.revert({one for one in staying if one[0] not in part.came}, by=INTAKE, actor=actor, now=now)
    people.withdraw_given(staying, sources=undoing.sources(run_id), actor=actor, now=now)
    identity.release(back.addresses, back.external)
    barred = {i for i, one in part.standing.items() if one.erased}
    undoing.rows_undone(
        run_id,
        inquiry_ids=[row.inquiry_id for row in rows if row.person_id not in barred],
        upto=max(row.person_id for row in rows),
        counts={
            "leads": len(closed),
            "persons": len(gone),
            "changes": back.changes,
            "kept": back.kept + len(part.opened - closed),
        },
    )
    return True


def _look(run_id: int, rows: Sequence[RowDone]) -> _Part:
    person_ids = sorted({row.person_id for row in rows})
    standing = people.lock(person_ids)
    opened = {row.lead_id for row in rows if row.outcome == "new" and row.lead_id is not None}
    touched = worked_on(person_ids, kinds=SAID) | set(undoing.elsewhere(run_id, person_ids))
    deals = opportunities_of(opened)
    altered = {i for i, one in standing.items() if not one.is_whole}
    moot = {row.lead_id for row in rows if row.person_id in altered}
    return _Part(
        standing=standing,
        came=persons.newcomers([row.inquiry_id for row in rows]) - altered,
        opened=opened,
        touched_leads={lead for _, lead in touched if lead} | moot | deals.keys(),
        touched_persons={person for person, _ in touched} | _of(rows, deals),
    )


def _of(rows: Sequence[RowDone], lead_ids: Collection[int]) -> set[int]:
    return {row.person_id for row in rows if row.lead_id in lead_ids}


def _close(part: _Part, actor: Actor, now: datetime) -> set[int]:
    free = sorted(part.opened - part.touched_leads)
    distribution.withdraw(free, now=now, reason="undone")
    return set(leads.withdraw(free, verb=VERB, actor=actor, now=now))
