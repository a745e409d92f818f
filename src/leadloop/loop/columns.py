"""Keeps the columnar copy up, as a process of its own: it comes when there is something new and goes when idle.

So nothing else ever loads the heavy libraries, and a quiet installation pays for none of them.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
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
POLITE = 10  # how nice it is to the processes people wait for
SHARE, LONGEST_PAUSE = 4.0, 40.0  # at most a fifth of one processor, and still younger than a minute


def run(stopping: threading.Event) -> None:
    """Refresh whenever something is new, until nothing was for a while."""
    idle = 0
    while idle < IDLE_TURNS and not stopping.is_set():
        began = monotonic()
        idle = 0 if turn() else idle + 1
        stopping.wait(max(PAUSE_SECONDS, min(LONGEST_PAUSE, SHARE * (monotonic() - began))))


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


def main() -> None:
    """As the worker starts it; with `thorough` everything is compared and written anew, once."""
    os.nice(POLITE)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    if "thorough" in sys.argv[1:]:
        turn(thorough=True)
    else:
        run(stopping)


if __name__ == "__main__":
    main()
