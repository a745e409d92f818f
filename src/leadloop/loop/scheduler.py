"""Schedules: slow, regular work, each run once however many workers there are."""

from __future__ import annotations

import structlog
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from leadloop.capture.services import compare_counts
from leadloop.kernel import clock
from leadloop.ledger.contracts import by_system
from leadloop.ledger.seals import seal
from leadloop.loop import columns_clock, forecast_clock, jobs
from leadloop.loop.digest.sending import write_due
from leadloop.loop.notices import gathering, writing

log = structlog.get_logger()

COUNTS = by_system("counts")
STALLED_AFTER_SECONDS = 60
TASKS = (
    jobs.bring_in,
    jobs.finish_imports,
    jobs.sweep_files,
    jobs.sweep_visits,
)  # declared by being imported, like those below


def register() -> None:
    """Importing this module declares the tasks; calling this says so where it happens."""


@app.periodic(cron="7 * * * *", periodic_id="seal")
@app.task(queueing_lock="seal", pass_context=False)
def seal_ledger(timestamp: int) -> None:
    """Seal what was recorded since the last hour."""
    log.info("ledger sealed", facts=seal(), scheduled=timestamp)


@app.periodic(cron="41 3 * * *", periodic_id="columns")
@app.task(queueing_lock="columns", pass_context=False)
def compare_columns(timestamp: int) -> None:
    """Compare the columnar copy with the database, and write its facets anew."""
    ended = columns_clock.start("thorough").wait()
    log.info("columns compared", ended=ended, scheduled=timestamp)


@app.periodic(cron="*/5 * * * *", periodic_id="forecast")
@app.task(queueing_lock="forecast", pass_context=False)
def make_forecast(timestamp: int) -> None:
    """Make the forecast of the day where there is none yet: soon after midnight, and after a start."""
    if forecast_clock.is_missing():
        log.info("forecast", ended=forecast_clock.make(), scheduled=timestamp)


@app.periodic(cron="*/15 * * * *", periodic_id="digest")
@app.task(queueing_lock="digest", pass_context=False)
def write_digests(timestamp: int) -> None:
    """Write the letter of the week to those for whom it is Monday morning."""
    if written := write_due(clock.now()):
        log.info("letters of the week", letters=written, scheduled=timestamp)


@app.periodic(cron="23 * * * *", periodic_id="counts")
@app.task(queueing_lock="counts", pass_context=False)
def compare_portals(timestamp: int) -> None:
    """Compare what senders counted with what came in, on the days that are over."""
    if gaps := compare_counts(actor=COUNTS, now=clock.now()):
        log.warning("inquiries are missing", gaps=gaps, scheduled=timestamp)


@app.periodic(cron="*/15 * * * *", periodic_id="gathered")
@app.task(queueing_lock="gathered", pass_context=False)
def gather_notices(timestamp: int) -> None:
    """Write what waits for them to those who want it in one letter, on their working morning."""
    if written := gathering.write_due(clock.now()):
        log.info("notices gathered", letters=written, scheduled=timestamp)


@app.periodic(cron="*/5 * * * *", periodic_id="notices")
@app.task(queueing_lock="notices", pass_context=False)
def prune_notices(timestamp: int) -> None:
    """Let go of old notices, so that everybody keeps their newest."""
    if gone := writing.prune():
        log.info("old notices let go", notices=gone, scheduled=timestamp)


@app.periodic(cron="* * * * *", periodic_id="stalled")
@app.task(queueing_lock="stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """Give jobs of workers that were killed to somebody else. Every job can be run again without harm."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS):
        try:
            await manager.retry_job(job)
        except UniqueViolation:  # the same work waits already, and may do so once
            await manager.finish_job(job, Status.ABORTED, delete_job=True)
        log.warning("stalled job taken up again", job=job.task_name, scheduled=timestamp)
