"""What may follow a fact whenever there is time for it: the worker moves these routes on, behind imports."""

from __future__ import annotations

from leadloop.capture.queries import waiting_since
from leadloop.ledger.contracts import Lane
from leadloop.ledger.reader import advance, behind
from leadloop.loop.routes import UNHURRIED, Route
from leadloop.platform.queries import installed

PAUSE_SECONDS = 1.0
BATCH = 200  # a fraction of a second of one processor, after which live facts are looked at again


def turn() -> int:
    """One round over both lanes; returns how many facts were handled. Safe to run beside itself."""
    if not installed():
        return 0
    return sum(_move(route, lane) for lane in Lane for route in _waiting(lane))


def _waiting(lane: Lane) -> list[Route]:
    """The routes that have something to do; none on the lane of imports while one is under way."""
    names = behind(lane, names=[route.name for route in UNHURRIED])
    if not names or (lane is Lane.BULK and waiting_since(lane) is not None):
        return []
    return [route for route in UNHURRIED if route.name in names]


def _move(route: Route, lane: Lane) -> int:
    return advance(route.name, lane=lane, kinds=route.kinds, handler=route.handle, limit=BATCH, only=route.only) or 0
