"""Long work that a page asks for and a worker does. Every job can be run again without harm."""

from __future__ import annotations

from datetime import timedelta

import structlog
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from leadloop.capture import imports, visits
from leadloop.capture.services import forget_refusals
from leadloop.kernel import clock
from leadloop.kernel.errors import Conflict
from leadloop.ledger.contracts import by_system
from leadloop.ledger.parking import TRANSIENT
from leadloop.loop import files

log = structlog.get_logger()

IMPORT = by_system("import")
FILES_KEPT = timedelta(days=7)
NOBODYS_KEPT = timedelta(days=90)
REFUSALS_KEPT = timedelta(days=90)
AGAIN = RetryStrategy(max_attempts=60, wait=10, retry_exceptions=[Conflict, *TRANSIENT])  # another import comes first


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


@app.periodic(cron="31 3 * * *", periodic_id="sweep-visits")
@app.task(name="sweep-visits", queueing_lock="sweep-visits")
def sweep_visits(timestamp: int) -> None:
    """Forget what nobody we know has read, some time ago."""
    log.info("old visits forgotten", pages=visits.sweep(clock.now() - NOBODYS_KEPT), scheduled=timestamp)
