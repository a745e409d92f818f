"""Waiting for something to become true, and for no longer than that takes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import psycopg
from django.db import OperationalError, connection

LOOK_AGAIN = 0.05
_never = threading.Event()


def until(what: str, true: Callable[[], object], seconds: float) -> None:
    """Return once `true()` is; a database that is away for the moment counts as not yet. Fails with `what`."""
    end = time.monotonic() + seconds
    while True:
        try:
            if true():
                return
        except (psycopg.OperationalError, OperationalError) as error:
            last = f", database: {error}"
            connection.close()
        else:
            last = ""
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds:.0f} s: {what}{last}")
        _never.wait(LOOK_AGAIN)
