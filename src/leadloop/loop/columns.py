"""Keeps the columnar copy up, as a process of its own: it comes when there is something new and goes when idle.

So nothing else ever loads the heavy libraries, and a quiet installation pays for none of them.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from time import monotonic

import structlog

from leadloop.agreement.queries import in_force
from leadloop.kernel.errors import Conflict
from leadloop.leads.contracts import Stage
from leadloop.loop.columns_clock import PAUSE_SECONDS
from leadloop.platform.config import load
from leadloop.platform.queries import company
from leadloop.tracking.columnar.keeping import keep_up, place
from leadloop.tracking.columnar.refresh import Refreshed
from leadloop.tracking.figures.results import KEEPER_STAGE, keep_results
from leadloop.tracking.queries import is_behind

log = structlog.get_logger()

IDLE_TURNS = 15
POLITE = 15  # how nice it is; at 10 Linux still lets everybody else wait for its turns
SHARE = 4.0  # a fifth of the time at most, as long as figures stay young enough
YOUNG = 55.0  # seconds: what comes just after one refresh began is in the figures of the next


def run(stopping: threading.Event) -> None:
    """Refresh whenever something is new, until nothing was for a while."""
    idle = 0
    while idle < IDLE_TURNS and not stopping.is_set():
        began = monotonic()
        idle = 0 if turn() else idle + 1
        stopping.wait(pause(monotonic() - began))


def pause(took: float) -> float:
    """Seconds to rest after a refresh that took so long: the next one will take as long again."""
    return max(PAUSE_SECONDS, min(SHARE * took, YOUNG - 2 * took))


def turn(*, thorough: bool = False) -> bool:
    """Refresh if the copy is behind, or in any case when it is to be thorough; whether there was something to do."""
    if not thorough and not is_behind():
        return False
    try:
        done = renew(thorough=thorough)
    except Conflict:
        return True  # somebody refreshes by hand
    log.info("columns refreshed", generation=done.generation, events=done.events, seconds=round(done.seconds, 3))
    if done.differing:
        log.warning("columns had changed without a fact", tables=done.differing)
    return True


def renew(*, thorough: bool = False) -> Refreshed:
    """Bring the copy up to this moment and work out what pages show."""
    config = load()
    where = place(config)
    done = keep_up(where, thorough=thorough)
    terms = in_force()
    keepers = {part: terms.keeper(Stage(stage)) for part, stage in KEEPER_STAGE.items()}
    keep_results(where, zone=company().zone, keepers=keepers, engine=config.engine)
    return done


def stand_back() -> None:
    """Leave the processors to everybody else who wants them.

    Linux may share them out among sessions first (sched_autogroup), each as nice as its own note says; the database's
    processes live in another one than ours.
    """
    with suppress(PermissionError):  # leads a session already
        os.setsid()
    os.nice(POLITE)
    with suppress(OSError):  # another system, or one that doesn't go by sessions
        Path("/proc/self/autogroup").write_text(str(POLITE))


def main() -> None:
    """As the worker starts it; with `thorough` everything is compared and written anew, once."""
    stand_back()
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    if "thorough" in sys.argv[1:]:
        turn(thorough=True)
    else:
        run(stopping)


if __name__ == "__main__":
    main()
