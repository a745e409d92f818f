"""How much a pump takes at once: imports go behind what happens now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from leadloop.capture.queries import waiting_since
from leadloop.kernel import clock
from leadloop.ledger.contracts import Lane

BATCH = {Lane.LIVE: 500, Lane.BULK: 1000}
PUMPS = {Lane.LIVE: 1, Lane.BULK: 2}  # processes of a lane, on a machine of more than one processor
BESIDE = 200  # of an import, while live inquiries are on their way: the next one waits for no more than this
PROMPT = timedelta(seconds=0.1)  # live inquiries that wait for less need no help
MOST_WAITS = 50  # so that an import gets on even where live inquiries alone are too many


def room(lane: Lane, *, wait: Callable[[], bool]) -> int:
    """How much to take at once. An import waits while live inquiries do, and then takes little at a time.

    `wait` pauses for a moment and says whether to stop.
    """
    if lane is Lane.LIVE:
        return BATCH[lane]
    for _ in range(MOST_WAITS):
        since = waiting_since(Lane.LIVE)
        if since is None:
            return BATCH[lane]
        if clock.now() - since < PROMPT or wait():
            break
    return BESIDE
