"""Trying a transaction again when the database undid it through no fault of its own."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection

T = TypeVar("T")
TRIES = 5
FIRST_PAUSE = 0.05  # seconds


def again(work: Callable[[], T]) -> T:
    """Return what `work` returns; after a deadlock, a serialisation failure or a lost connection try it anew.

    At most five tries, with pauses that grow and are spread. `work` is a whole transaction without effects outside
    the database. Inside somebody else's transaction there is nothing to try again, so errors go straight up.
    """
    for attempt in range(1, TRIES + 1):
        try:
            return work()
        except (OperationalError, InterfaceError):
            if attempt == TRIES or connection.in_atomic_block:
                raise
            connection.close_if_unusable_or_obsolete()
            time.sleep(FIRST_PAUSE * 2**attempt * (0.5 + random.random()))  # noqa: S311 - spreads retries only
    raise AssertionError("unreachable")
