"""The worker: sends what waits in the outbox, reads mailboxes, keeps time, and runs long jobs and schedules."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import structlog
from django.db import connection
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.worker import Worker

from leadloop.capture import mailbox
from leadloop.kernel import clock
from leadloop.ledger.parking import TRANSIENT
from leadloop.loop import columns_clock, fetching, scheduler, ticks, unhurried
from leadloop.outreach import services as outreach
from leadloop.outreach.smtp import sender
from leadloop.platform.steady import settle_down

log = structlog.get_logger()

OUTBOX_SECONDS = 0.2
OUTBOX_BATCH = 100
MAILBOX_SECONDS = 2.0
SENDERS = 2  # while one waits for the mail server or the disk, the other goes on


def repeat(work: Callable[[], int], stopping: threading.Event, *, pause: float) -> None:
    """Do this until told to stop; pause only when there was nothing to do. Lost connections are made anew."""
    while not stopping.is_set():
        try:
            done = work()
        except TRANSIENT as error:
            log.warning("worker tries again", work=work.__name__, error=type(error).__name__)
            connection.close()
            done = 0
        except Exception:
            log.exception("worker failed", work=work.__name__)
            done = 0
        if not done:
            stopping.wait(pause)
    connection.close()


WAY_OUT = sender()  # one for the life of the process: it remembers how the mail server fared


def empty_outbox() -> int:
    """Send a batch of what is due."""
    return outreach.deliver(limit=OUTBOX_BATCH, now=clock.now(), sender=WAY_OUT).sent


def read_mailboxes() -> int:
    """Read a mailbox that is due."""
    return mailbox.poll()


def run_jobs(stopping: threading.Event) -> None:
    """Procrastinate: schedules and long jobs, until told to stop."""
    scheduler.register()
    while not stopping.is_set():
        try:
            asyncio.run(_work(stopping))
        except Exception:
            log.exception("jobs failed")
            stopping.wait(1)


async def _work(stopping: threading.Event) -> None:
    """Take jobs until told to stop; raises what ended it before."""
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]  # Django's connector has it
    with app.replace_connector(connector) as runner:
        async with runner.open_async():
            job = asyncio.create_task(
                runner.run_worker_async(
                    install_signal_handlers=False,
                    concurrency=1,
                    delete_jobs="successful",
                    task_middleware=[_with_own_connection],
                )
            )
            while not stopping.is_set() and not job.done():
                await asyncio.sleep(0.2)
            job.cancel()
            with suppress(asyncio.CancelledError):
                await job


def _with_own_connection(run: Callable[[], Any], context: JobContext, worker: Worker) -> Any:  # noqa: ARG001 - its form
    """A job's thread lives on, and may find its connection dead long after the database has come back."""
    connection.close()
    try:
        return run()
    finally:
        connection.close()


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    threads = [
        *(
            threading.Thread(target=repeat, args=(empty_outbox, stopping), kwargs={"pause": OUTBOX_SECONDS})
            for _ in range(SENDERS)
        ),
        threading.Thread(target=repeat, args=(ticks.turn, stopping), kwargs={"pause": ticks.PAUSE_SECONDS}),
        threading.Thread(target=repeat, args=(unhurried.turn, stopping), kwargs={"pause": unhurried.PAUSE_SECONDS}),
        threading.Thread(target=repeat, args=(fetching.turn, stopping), kwargs={"pause": fetching.PAUSE_SECONDS}),
        threading.Thread(
            target=repeat, args=(columns_clock.look, stopping), kwargs={"pause": columns_clock.PAUSE_SECONDS}
        ),
        threading.Thread(target=run_jobs, args=(stopping,)),
    ]
    settle_down()
    # Slow servers must hold up neither jobs nor the end: whatever it is at, the next one goes on with it.
    mail = threading.Thread(
        target=repeat, args=(read_mailboxes, stopping), kwargs={"pause": MAILBOX_SECONDS}, daemon=True
    )
    for thread in (*threads, mail):
        thread.start()
    for thread in threads:
        thread.join()
    columns_clock.stop()


if __name__ == "__main__":
    main()
