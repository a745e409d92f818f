"""The pump: brings submissions in and moves every route on, lane by lane."""

from __future__ import annotations

import random
import signal
import sys
import threading
import time
from collections.abc import Callable
from math import inf

import structlog
from django.db import connection

from leadloop.kernel import clock
from leadloop.ledger.contracts import Lane
from leadloop.ledger.parking import TRANSIENT
from leadloop.ledger.reader import advance, behind, moment, subscribe
from leadloop.loop import intake
from leadloop.loop.room import BATCH, PUMPS, room
from leadloop.loop.routes import ROUTES, UNHURRIED, Route
from leadloop.platform.services import beat
from leadloop.platform.steady import batch_by_batch, batch_done

log = structlog.get_logger()

POLL_SECONDS = 0.02
BESIDE_SECONDS = 0.05  # while an import writes all the time, a look every 20 ms costs 2 % of two processors
# Nobody waits for the first row of an import as people wait for their worklist.
IDLE_SECONDS = {Lane.LIVE: POLL_SECONDS, Lane.BULK: 0.1}
IDLE_AFTER = 2.0  # seconds without anything to do
LOOK_AGAIN = {Lane.LIVE: 0.1, Lane.BULK: inf}
BEAT_SECONDS = 5.0


def prepare() -> None:
    """Enter every route's subscription; new ones begin at the first fact or with the next, as the route says."""
    for route in (*ROUTES, *UNHURRIED):
        subscribe(route.name, kinds=route.kinds, from_start=route.from_start)


def turn(lane: Lane, *, limit: int = 0, by: int = 1, look_again: float = inf) -> int:
    """One round over intake and those routes of a lane that have something to do. Returns how much there was to do.

    Each route goes to the end of what is there before the next begins: who is handed over is not nurtured first.
    `limit` is how much is taken at once, the lane's own measure unless given; `by` how many processes pump this lane.
    After `look_again` seconds with the routes, intake is looked at again between two batches: who asks now does not
    wait for the end of what a night has left.
    """
    limit = limit or BATCH[lane]
    take = _Door(lane, limit, by, look_again)
    done = take.now()
    waiting = behind(lane, names=[route.name for route in ROUTES])
    return done + sum(_drain(route, lane, limit, take) for route in ROUTES if route.name in waiting)


class _Door:
    """Intake of a lane, and when it was last looked at."""

    def __init__(self, lane: Lane, limit: int, by: int, look_again: float) -> None:
        self._lane, self._limit, self._by, self._look_again = lane, limit, by, look_again
        self._looked = 0.0

    def now(self) -> int:
        done = _patient(lambda: intake.take(self._lane, limit=self._limit, by=self._by))
        self._looked = time.monotonic()
        return done

    def when_due(self) -> int:
        return self.now() if time.monotonic() > self._looked + self._look_again else 0


def _drain(route: Route, lane: Lane, limit: int, take: _Door) -> int:
    total = 0
    while handled := _patient(
        lambda: advance(route.name, lane=lane, kinds=route.kinds, handler=route.handle, limit=limit, only=route.only)
    ):
        total += handled + take.when_due()
        if handled < limit:
            break
    return total


def _patient(work: Callable[[], int | None]) -> int:
    """Deadlocks and lost connections pass: leave it for the next round, a moment later. Returns 1 then: it waits."""
    try:
        return work() or 0
    except TRANSIENT as error:
        log.warning("pump tries again", error=type(error).__name__)
        connection.close()
        time.sleep(random.uniform(0.02, 0.2))  # noqa: S311 - spreads retries, guards nothing
        return 1
    finally:
        batch_done()


def drain() -> int:
    """Work on both lanes until nothing is left. For imports at the command line, simulations and tests."""
    total = 0
    while done := turn(Lane.LIVE) + turn(Lane.BULK):
        total += done
    return total


def run(lane: Lane, stop: threading.Event | None = None) -> None:
    """Pump one lane until told to stop (SIGTERM and SIGINT, or `stop`)."""
    stopping = stop or _stop_on_signals()
    _when_ready(stopping)
    with batch_by_batch():
        _go_on(lane, stopping)


def _go_on(lane: Lane, stopping: threading.Event) -> None:
    next_beat, nothing_at, busy_at = 0.0, "", time.monotonic()

    def in_turn() -> int:
        return room(lane, wait=lambda: stopping.wait(POLL_SECONDS))

    while not stopping.is_set():
        at = _moment()
        done, written = 0, at != nothing_at
        if written:
            done = turn(lane, limit=_patient(in_turn), by=PUMPS[lane], look_again=LOOK_AGAIN[lane])
        if done:
            busy_at = time.monotonic()
        else:
            nothing_at = at
        if time.monotonic() >= next_beat:
            _patient(lambda: _beat(lane))
            next_beat = time.monotonic() + BEAT_SECONDS
        if not done:
            stopping.wait(_pause(lane, busy_at, in_vain=written))


def _pause(lane: Lane, busy_at: float, *, in_vain: bool) -> float:
    """Seconds until the next look; `in_vain`: somebody has written, and nothing of it was for this lane."""
    if in_vain and lane is Lane.LIVE:
        return BESIDE_SECONDS
    return POLL_SECONDS if time.monotonic() < busy_at + IDLE_AFTER else IDLE_SECONDS[lane]


def _moment() -> str:
    """Most looks find that nothing was written since the last one; this is the cheapest way to know."""
    try:
        return moment()
    except TRANSIENT:
        connection.close()
        return ""


def _beat(lane: Lane) -> int:
    beat(process=f"pump-{lane.name.lower()}", now=clock.now())
    return 0


def _when_ready(stopping: threading.Event) -> None:
    while not stopping.is_set():
        try:
            prepare()
        except TRANSIENT:
            connection.close()
            stopping.wait(0.2)
        else:
            return


def _stop_on_signals() -> threading.Event:
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    return stopping


if __name__ == "__main__":
    run(Lane[sys.argv[1].upper()])
