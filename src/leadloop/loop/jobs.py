"""Long work that a page asks for and a worker does. Every job can be run again without harm."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

import structlog
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from leadloop.capture import imports, visits
from leadloop.capture.queries import portals
from leadloop.capture.services import forget_refusals, forget_spent
from leadloop.kernel import clock
from leadloop.kernel.errors import Conflict, Invalid
from leadloop.ledger.contracts import Actor, by_system
from leadloop.ledger.parking import TRANSIENT
from leadloop.loop import enriching, files
from leadloop.loop.from_crm.bringing import bring_in as bring_in_export
from leadloop.loop.undoing_imports import take_back

log = structlog.get_logger()

IMPORT = by_system("import")
FILES_KEPT = timedelta(days=7)
NOBODYS_KEPT = timedelta(days=90)
REFUSALS_KEPT = timedelta(days=90)
PROOFS_KEPT = timedelta(days=90)  # deliveries that wait that long to be read don't exist
AGAIN = RetryStrategy(max_attempts=60, wait=10, retry_exceptions=[Conflict, *TRANSIENT])  # another import comes first
ASK_AGAIN = RetryStrategy(max_attempts=5, wait=30, retry_exceptions=[OSError, *TRANSIENT])  # a provider may be away


@app.task(name="bring-in", retry=AGAIN)
def bring_in(run_id: int, file: str) -> None:
    """Store the rows of a run's file; the pump takes them from there. The file is removed once they are in.

    Web and worker must share the home folder. A file that can't be read fails the run for good, with its reason.
    """
    path = files.place(file)
    if not path.exists():
        log.warning("import file is gone", run=run_id)  # done before, by a worker that was killed right after
        return
    counts = imports.store(run_id=run_id, path=path, now=clock.now())
    files.remove(file)
    log.info("import stored", run=run_id, rows=counts.rows, stored=counts.stored)


@app.task(name="try-file", retry=RetryStrategy(max_attempts=5, wait=5, retry_exceptions=TRANSIENT))
def try_file(file: str, portal_id: int, reading: dict[str, Any]) -> None:
    """Read a file as it would be brought in, storing nothing but the answer beside the file."""
    path = files.place(file)
    if not path.exists():
        return

    def tell(rows: int) -> None:
        files.tell(file, {"rows": rows, "of": reading["rows"]})

    tell(0)
    portal = portals()[portal_id]
    found = imports.preview(path=path, portal=portal, reading=reading, now=clock.now(), progress=tell)
    files.tell(file, {"rows": found.rows, "of": reading["rows"], "found": found.as_json()})


@app.task(name="take-over", retry=RetryStrategy(max_attempts=5, wait=10, retry_exceptions=[Conflict, *TRANSIENT]))
def take_over(file: str, system: str, actor: str) -> None:
    """Bring another system's export in, and say beside it what came of it; the export itself goes."""
    path = files.place(file)
    if not path.exists():
        return
    try:
        found = asdict(bring_in_export(path, system, actor=Actor(actor), now=clock.now()))
    except Invalid as wrong:
        found = {"error": str(wrong)}
    files.tell(file, found)
    path.unlink()
    log.info("export taken over", system=system, run=found.get("run_id"))


@app.task(name="enrich", retry=ASK_AGAIN)
def enrich(company_ids: list[int]) -> None:
    """Ask providers about firms that came in by themselves."""
    enriching.of_the_day(company_ids, now=clock.now())


@app.task(name="enrich-all", retry=ASK_AGAIN)
def enrich_all(run_id: int, actor: str) -> None:
    """Ask providers about every firm there is."""
    written = enriching.everybody(run_id, actor=Actor(actor), now=clock.now())
    log.info("companies enriched", run=run_id, written=written)


@app.task(name="undo-import", retry=RetryStrategy(max_attempts=20, wait=10, retry_exceptions=TRANSIENT))
def undo_import(run_id: int, actor: str) -> None:
    """Take an import back; broken off, it goes on where it stood."""
    try:
        counts = take_back(run_id, actor=Actor(actor), now=clock.now())
    except Conflict:
        log.info("import not taken back", run=run_id)  # done before, by a worker that was killed right after
    else:
        log.info("import taken back", run=run_id, **counts)


@app.periodic(cron="* * * * *", periodic_id="finish-imports")
@app.task(name="finish-imports", queueing_lock="finish-imports")
def finish_imports(timestamp: int) -> None:
    """Close the runs whose rows have all been processed."""
    for run_id in imports.finish(actor=IMPORT, now=clock.now()):
        log.info("import finished", run=run_id, scheduled=timestamp)


@app.periodic(cron="17 3 * * *", periodic_id="sweep-files")
@app.task(name="sweep-files", queueing_lock="sweep-files")
def sweep_files(timestamp: int) -> None:
    """Remove files that were uploaded and never brought in, and what the door counted long ago."""
    log.info("old files removed", files=files.sweep(clock.now() - FILES_KEPT), scheduled=timestamp)
    forget_refusals(before=clock.now() - REFUSALS_KEPT)
    forget_spent(before=clock.now() - PROOFS_KEPT)


@app.periodic(cron="31 3 * * *", periodic_id="sweep-visits")
@app.task(name="sweep-visits", queueing_lock="sweep-visits")
def sweep_visits(timestamp: int) -> None:
    """Forget what nobody we know has read, some time ago."""
    log.info("old visits forgotten", pages=visits.sweep(clock.now() - NOBODYS_KEPT), scheduled=timestamp)
