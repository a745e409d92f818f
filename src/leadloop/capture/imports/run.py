"""Bringing a file in: its rows become deliveries, once each, however often it is tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.db import connection, transaction

from leadloop.capture import inbox
from leadloop.capture.contracts import Delivery, PortalRow
from leadloop.capture.facts import ImportFinished
from leadloop.capture.imports import saved
from leadloop.capture.imports.contracts import Options, Reading, SourceRow
from leadloop.capture.imports.row_deliveries import deliveries_of, opened
from leadloop.capture.imports.table import digest
from leadloop.capture.models import ImportRun, Submission
from leadloop.capture.parse.fields import Field
from leadloop.kernel import ids
from leadloop.kernel.errors import Conflict, Invalid, NotFound
from leadloop.kernel.values import dataclass
from leadloop.ledger.contracts import Actor, Lane
from leadloop.ledger.services import record
from leadloop.programmes import services as programmes
from leadloop.programmes.contracts import NewSource

_BATCH = 2_000
_LOCK = 0x1EAD  # the first half of the advisory locks that keep two imports into one portal apart
_UNFINISHED = (ImportRun.State.STORING, ImportRun.State.FAILED, ImportRun.State.CANCELLED)
_STOPPED = (ImportRun.State.CANCELLED, ImportRun.State.UNDOING, ImportRun.State.UNDONE)


@dataclass(frozen=True, slots=True)
class Counts:
    """How far an import has come: rows = stored + known, known being those that had arrived before."""

    rows: int
    stored: int
    known: int


Progress = Callable[[Counts], None]


class Cancelled(Exception):
    """Somebody stopped the run meanwhile."""


@transaction.atomic
def begin(*, reading: Reading, portal: PortalRow, actor: Actor, now: datetime) -> int:
    """Enter a run and return its id; a run of the same file that was broken off is taken up again.

    Adds the sources that are new and keeps the reading for files with the same headings. Invalid while a question of
    the reading is open.
    """
    if reading.questions:
        first = reading.questions[0]
        named = "; ".join(f"{value} ({text})" for value, text in first.choices)
        raise Invalid(first.text, field=first.option, mend=f"Say one of: {named}")
    settled = _with_sources(reading, actor=actor, now=now)
    saved.keep(portal_id=portal.id, reading=settled, now=now)
    values = {"reading": settled.as_json(), "state": ImportRun.State.STORING, "error": "", "finished_at": None}
    broken_off = (
        ImportRun.objects.select_for_update()
        .filter(portal_id=portal.id, file_digest=reading.file_digest, state__in=_UNFINISHED)
        .order_by("id")
        .first()
    )
    if broken_off is not None:
        ImportRun.objects.filter(id=broken_off.id).update(**values)
        return broken_off.id
    made = ImportRun.objects.create(
        portal_id=portal.id,
        file_name=reading.file_name,
        file_digest=reading.file_digest,
        started_by=actor,
        started_at=now,
        **values,
    )
    return made.id


def store(
    *,
    run_id: int,
    path: Path,
    now: datetime,
    progress: Progress | None = None,
    batch: int | None = None,
    at_once: Callable[[Sequence[int]], None] | None = None,
) -> Counts:
    """Store the rows of a run's file, a few thousand per transaction, and return what came of them.

    Memory does not grow with the file. Killed at any point, it can be done again from the start: what is there is
    known. With `at_once` the rows that are new are handed over, some `batch` of them, to be taken in within the
    transaction that stores them. Stopped by `undoing.cancel`, it ends with the rows in hand. Conflict when another
    import into the portal is running, or the file is not the one that was read.
    """
    run = ImportRun.objects.filter(id=run_id).first()
    if run is None:
        raise NotFound(f"there is no import {run_id}", field="run")
    if digest(path) != run.file_digest:
        raise Conflict("the file has changed since it was read", field="file", mend="Start the import again")
    if run.state in _STOPPED:
        return _standing(run_id)
    with _alone(run.portal_id):
        ImportRun.objects.filter(id=run_id).exclude(state__in=_STOPPED).update(state=ImportRun.State.STORING)
        try:
            counts = _store_all(run, path, now, progress, batch or _BATCH, at_once)
        except Cancelled:
            return _standing(run_id)
        except Exception as error:
            ImportRun.objects.filter(id=run_id).update(state=ImportRun.State.FAILED, error=_said(error))
            raise
        done = ImportRun.objects.filter(id=run_id, state=ImportRun.State.STORING).update(
            state=ImportRun.State.PROCESSING, rows=counts.rows, stored=counts.stored, known=counts.known
        )
    return counts if done else _standing(run_id)


@transaction.atomic
def finish(*, actor: Actor, now: datetime) -> list[int]:
    """Close the runs whose rows have all been processed and return their ids. Three statements at most."""
    with connection.cursor() as cursor:
        cursor.execute(_DONE, [now])
        done = {row[0]: row[1:] for row in cursor.fetchall()}
        if not done:
            return []
        cursor.execute(_OUTCOMES, [sorted(done)])
        outcomes = {(run_id, state): count for run_id, state, count in cursor.fetchall()}
    facts = [
        ImportFinished(
            happened_at=now,
            run_id=run_id,
            portal_id=portal_id,
            rows=total,
            known=known,
            new=outcomes.get((run_id, "new"), 0),
            joined=outcomes.get((run_id, "joined"), 0),
            other=outcomes.get((run_id, "other"), 0),
            quarantined=outcomes.get((run_id, "quarantined"), 0),
        )
        for run_id, (portal_id, total, known) in sorted(done.items())
    ]
    record(facts, actor=actor)
    return sorted(done)


def bring_in(
    *,
    path: Path,
    portal: PortalRow,
    actor: Actor,
    now: datetime,
    options: Options | None = None,
    name: str = "",
    progress: Progress | None = None,
) -> tuple[int, Counts]:
    """Understand a file and store its rows in one go; return the run and its counts. Invalid where it must ask."""
    reading = saved.understand(path=path, portal=portal, options=options, name=name)
    run_id = begin(reading=reading, portal=portal, actor=actor, now=now)
    return run_id, store(run_id=run_id, path=path, now=now, progress=progress)


_DONE = """
update capture_importrun r set state = 'done', finished_at = %s
 where r.state = 'processing'
   and not exists (select 1 from capture_submission s where s.import_run_id = r.id and s.state = 'received')
returning r.id, r.portal_id, r.rows, r.known
"""
_OUTCOMES = """
select import_run_id, state, count(*) from capture_submission where import_run_id = any(%s) group by 1, 2
"""


def _standing(run_id: int) -> Counts:
    """How far a run came that was stopped."""
    return Counts(*ImportRun.objects.filter(id=run_id).values_list("rows", "stored", "known").get())


def _store_all(
    run: ImportRun,
    path: Path,
    now: datetime,
    progress: Progress | None,
    size: int,
    at_once: Callable[[Sequence[int]], None] | None,
) -> Counts:
    table = opened(run, path)
    id_column = next((c["index"] for c in run.reading["columns"] if c["field"] == Field.EXTERNAL_ID), None)
    counts = Counts(0, 0, 0)
    deliveries = deliveries_of(table, run, id_column)
    while batch := list(islice(deliveries, size)):
        counts = _store_batch(run.id, batch, counts, now, at_once)
        if progress:
            progress(counts)
    stored = Submission.objects.filter(import_run_id=run.id).count()  # also what a run broken off had stored
    return Counts(counts.rows, stored, counts.rows - stored)


@transaction.atomic
def _store_batch(
    run_id: int,
    batch: Sequence[Delivery],
    before: Counts,
    now: datetime,
    at_once: Callable[[Sequence[int]], None] | None,
) -> Counts:
    state = ImportRun.objects.select_for_update().filter(id=run_id).values_list("state", flat=True).get()
    if state != ImportRun.State.STORING:
        raise Cancelled
    received = inbox.store(batch, lane=Lane.BULK, received_at=now)
    stored = sum(not one.known for one in received)
    counts = Counts(before.rows + len(batch), before.stored + stored, before.known + len(batch) - stored)
    ImportRun.objects.filter(id=run_id).update(rows=counts.rows, stored=counts.stored, known=counts.known)
    if at_once and stored:
        at_once([one.submission_id for one in received if not one.known])
    return counts


def _with_sources(reading: Reading, *, actor: Actor, now: datetime) -> Reading:
    """Add the sources nobody knew and return the reading with their ids."""
    new = {ids.slug(row.text): row.text for row in reading.sources if row.source_id is None}
    if not new:
        return reading
    added = programmes.add_source(
        sources=[NewSource(key=key, label=text) for key, text in new.items()], actor=actor, now=now
    )
    found = tuple(
        row if row.source_id is not None else SourceRow(row.text, row.rows, added[ids.slug(row.text)])
        for row in reading.sources
    )
    return replace(reading, sources=found)


@contextmanager
def _alone(portal_id: int) -> Iterator[None]:
    """Keep other imports into this portal out; the lock ends with the connection, whatever happens to us."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s, %s)", [_LOCK, portal_id])
        if not cursor.fetchone()[0]:
            raise Conflict("another file is being brought in through this portal", mend="Wait until it is done")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s, %s)", [_LOCK, portal_id])


def _said(error: Exception) -> str:
    """Return what to show of an error: our own words, or the kind of a foreign one, which may hold personal data."""
    return str(error) if isinstance(error, Invalid | Conflict) else type(error).__name__
