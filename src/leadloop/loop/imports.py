"""Bringing a file in from its first byte to the last lead: understood, stored, processed, closed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from leadloop.capture.contracts import ImportRunRow, PortalRow
from leadloop.capture.imports import run as importing
from leadloop.capture.imports import saved
from leadloop.capture.imports.contracts import Options, Reading
from leadloop.capture.queries import import_runs, portals
from leadloop.kernel import clock
from leadloop.kernel.errors import NotFound
from leadloop.kernel.values import dataclass
from leadloop.ledger.contracts import Actor, Lane
from leadloop.loop import pump
from leadloop.platform.queries import beats

PUMP = "pump-bulk"
ALIVE = timedelta(seconds=15)
LOOK_AGAIN = 0.2  # seconds, while pumps do the work
IDLE_LOOKS = 3

Progress = Callable[[str, int, int], None]  # what is being done, how far it is, of how many


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a file: rows = received + known, received = new + joined + other + quarantined."""

    run_id: int
    received: int
    new: int
    joined: int
    quarantined: int
    other: int
    known: int
    rows: int


def portal_named(key: str) -> PortalRow:
    """The portal of this key; NotFound lists those there are."""
    known = portals().values()
    found = next((portal for portal in known if portal.key == key), None)
    if found is None:
        there = ", ".join(sorted(portal.key for portal in known)) or "none yet"
        raise NotFound(f"There is no portal {key}", field="portal", mend=f"There are: {there}")
    return found


def understand(path: Path, portal: PortalRow, options: Options) -> Reading:
    """How the file is understood; nothing is written."""
    return saved.understand(path=path, portal=portal, options=options)


def bring_in(path: Path, reading: Reading, portal: PortalRow, *, actor: Actor, now: datetime, on: Progress) -> Outcome:
    """Store what was understood and see every row through: to its lead, to its place, or into quarantine.

    Running pumps do the work; where none run, it is done here. Broken off at any point, it can be done again.
    """
    run_id = importing.begin(reading=reading, portal=portal, actor=actor, now=now)
    importing.store(run_id=run_id, path=path, now=now, progress=lambda counts: on("Storing", counts.rows, reading.rows))
    pump.prepare()
    row = _see_through(run_id, on)
    importing.finish(actor=actor, now=clock.now())
    return Outcome(
        run_id=row.id,
        received=row.stored,
        new=row.new,
        joined=row.joined,
        quarantined=row.quarantined,
        other=row.other,
        known=row.known,
        rows=row.rows,
    )


def _see_through(run_id: int, on: Progress) -> ImportRunRow:
    """Wait for the pumps, or pump, until nothing of the run waits and no route has anything left to do."""
    pause, idle = threading.Event(), 0
    while True:
        done = 0
        if not _pumps_live():
            done = pump.turn(Lane.LIVE) + pump.turn(Lane.BULK)
        (row,) = import_runs([run_id])
        on("Processing", row.stored - row.waiting, row.stored)
        idle = 0 if row.waiting or done else idle + 1
        if idle == IDLE_LOOKS:
            return row
        if not done:
            pause.wait(LOOK_AGAIN)


def _pumps_live() -> bool:
    """Whether a pump has given a sign of life lately, on this machine or another."""
    now = clock.now()
    return any(one.process == PUMP and now - one.at < ALIVE for one in beats())
