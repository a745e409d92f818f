"""Stopping an import, and taking one back: what the rows of a run became, and that it was undone.

What a run did is known without having been written down for it: each row's inquiry says whom it was taken for and
which lead it opened, and the moment at which the row was settled is that of every change it made.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from leadloop.capture.facts import ImportCancelled, ImportUndone
from leadloop.capture.models import ImportRun
from leadloop.kernel.errors import Conflict, NotFound
from leadloop.kernel.values import dataclass
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.ledger.sql import fetch, run

UNDO_FOR = timedelta(days=30)
COUNTS = ("leads", "persons", "changes", "kept")
_State = ImportRun.State
# A row that is just being taken in is locked; once that is done it is not waiting any more, and stays.
_LEFT = "delete from capture_submission where import_run_id = %s and state = 'received'"
_ROWS = """
with next as materialized (
    select distinct i.person_id from capture_submission s join capture_inquiry i on i.id = s.id
     where s.import_run_id = %s and i.person_id > %s order by i.person_id limit %s
)
select i.id, i.person_id, i.lead_id, i.outcome, s.settled_at
  from capture_submission s join capture_inquiry i on i.id = s.id join next n on n.person_id = i.person_id
 where s.import_run_id = %s order by i.id
"""
_ELSEWHERE = """
select distinct i.person_id, i.lead_id from capture_inquiry i join capture_submission s on s.id = i.id
 where i.person_id = any(%s) and s.import_run_id is distinct from %s
"""
_FREE = "update capture_submission set delivery_key = 'undone:' || import_run_id || ':' || delivery_key"


@dataclass(frozen=True, slots=True)
class RowDone:
    """What became of a row: the inquiry, whom it was taken for, its lead, and the moment of all that."""

    inquiry_id: int
    person_id: int
    lead_id: int | None
    outcome: str
    at: datetime


@transaction.atomic
def cancel(run_id: int, *, actor: Actor, now: datetime) -> int:
    """Stop a run: rows that have not been taken in go, the others stay. Returns how many went.

    The same file brings in the rest later. Conflict when the run has come to its end.
    """
    row = _locked(run_id)
    if row.state not in (_State.STORING, _State.PROCESSING):
        raise Conflict("this import has come to its end", field="run", mend="Take it back instead")
    left = run(_LEFT, [run_id])
    row.state, row.finished_at, row.stored = _State.CANCELLED, now, max(0, row.stored - left)
    row.rows = row.stored + row.known
    row.save(update_fields=["state", "finished_at", "stored", "rows"])
    record([ImportCancelled(happened_at=now, run_id=run_id, portal_id=row.portal_id, left=left)], actor=actor)
    return left


@transaction.atomic
def begin_undo(run_id: int, *, now: datetime) -> None:
    """Note that a run is being taken back; to be said again after a break.

    Conflict while it runs, after thirty days, and when it was taken back already.
    """
    row = _locked(run_id)
    if row.state == _State.UNDOING:
        return
    if (why := why_not(row.state, row.started_at, now)) is not None:
        raise Conflict(why, field="run", mend="Change what is left by hand")
    row.state, row.undone = _State.UNDOING, {}
    row.save(update_fields=["state", "undone"])


def why_not(state: str, started_at: datetime, now: datetime) -> str | None:
    """Why a run can't be taken back, None when it can."""
    if state == _State.UNDONE:
        return "this import was taken back already"
    if state in (_State.STORING, _State.PROCESSING, _State.UNDOING):
        return "this import is still at work"
    if now - started_at > UNDO_FOR:
        return f"this import is more than {UNDO_FOR.days} days old"
    return None


def next_rows(run_id: int, *, persons: int) -> list[RowDone]:
    """What the rows of the next persons became, whole persons, in the order of their ids. Locks the run."""
    row = _locked(run_id)
    return [RowDone(*one) for one in fetch(_ROWS, [run_id, row.undone.get("upto", 0), persons, run_id])]


def elsewhere(run_id: int, person_ids: Collection[int]) -> list[tuple[int, int | None]]:
    """Which of these persons, and which of their leads, have inquiries of another origin. One query."""
    return [(person, lead) for person, lead in fetch(_ELSEWHERE, [list(person_ids), run_id])]


def sources(run_id: int) -> tuple[str, ...]:
    """As what the consents that a run's rows gave are marked. One query."""
    return tuple(f"portal:{portal_id}" for (portal_id,) in ImportRun.objects.filter(id=run_id).values_list("portal_id"))


def rows_undone(run_id: int, *, inquiry_ids: Collection[int], upto: int, counts: dict[str, int]) -> None:
    """Note how far it is, up to which person; these rows may come again, as new deliveries. In the transaction."""
    run(f"{_FREE} where id = any(%s)", [list(inquiry_ids)])
    row = _locked(run_id)
    row.undone = {"upto": upto, **{name: row.undone.get(name, 0) + counts[name] for name in COUNTS}}
    row.save(update_fields=["undone"])


@transaction.atomic
def end_undo(run_id: int, *, actor: Actor, now: datetime) -> dict[str, int]:
    """Note that a run was taken back, and return the counts."""
    row = _locked(run_id)
    leads, persons, changes, kept = (int(row.undone.get(name, 0)) for name in COUNTS)
    row.state, row.undone_at = _State.UNDONE, now
    row.save(update_fields=["state", "undone_at"])
    fact = ImportUndone(
        happened_at=now,
        run_id=run_id,
        portal_id=row.portal_id,
        leads=leads,
        persons=persons,
        changes=changes,
        kept=kept,
    )
    record([fact], actor=actor)
    return {"leads": leads, "persons": persons, "changes": changes, "kept": kept}


def _locked(run_id: int) -> ImportRun:
    row = ImportRun.objects.select_for_update().filter(id=run_id).first()
    if row is None:
        raise NotFound(f"there is no import {run_id}", field="run")
    return row
