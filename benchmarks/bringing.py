"""Bringing a file of invented inquirers in, as the page and the command line do it, with running pumps."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection

from benchmarks.company import FILE, SETUP
from benchmarks.inquirers import write_csv
from leadloop.capture import imports
from leadloop.capture.imports.contracts import Options
from leadloop.kernel import clock
from leadloop.loop.imports import portal_named, understand

LOOK_AGAIN = 0.02  # seconds
PATIENCE = 600


def bring_in(count: int, *, start: int) -> float:
    """Seconds until every row of a new file stands with a salesperson. The pumps have to be running."""
    with TemporaryDirectory() as scratch:
        path = Path(scratch) / "inquirers.csv"
        write_csv(path, count, start=start)
        wanted = handed_over() + count
        began = time.perf_counter()
        store(path)
        wait_for(wanted)
        return time.perf_counter() - began


def store(path: Path) -> None:
    """Understand a file and store its rows; the pumps take them from there."""
    portal = portal_named(FILE)
    reading = understand(path, portal, Options(fresh=True))
    run_id = imports.begin(reading=reading, portal=portal, actor=SETUP, now=clock.now())
    imports.store(run_id=run_id, path=path, now=clock.now())


def wait_for(wanted: int) -> None:
    """Until so many leads were handed over."""
    end, pause = time.monotonic() + PATIENCE, threading.Event()
    while handed_over() < wanted:
        if time.monotonic() > end:
            raise TimeoutError(f"{handed_over():,} of {wanted:,} leads were handed over after {PATIENCE} s")
        pause.wait(LOOK_AGAIN)


def handed_over() -> int:
    """Leads that stand on a salesperson's worklist: turns are counted in the transaction that hands them over."""
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(sum(taken), 0)::int from distribution_member")
        return int(cursor.fetchone()[0])
