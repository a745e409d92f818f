"""Small tables that hardly ever change (labels, names), kept in this process for a while.

For what pages show beside the rows they are about. What is decided upon is read anew: inside a transaction nothing
comes from here.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db import connection, transaction

T = TypeVar("T")

FRESH = 30.0  # seconds: how long a change made by another process may stay unseen


@dataclass(frozen=True, slots=True)
class _Slot(Generic[T]):
    value: T
    read_at: float
    database: tuple[str, str]


class Kept(Generic[T]):
    """Calls `read` at most every `FRESH` seconds for one database; the answer is shared, so it must not be changed."""

    def __init__(self, read: Callable[[], T]) -> None:
        self._read = read
        self._slot: _Slot[T] | None = None

    def __call__(self) -> T:
        """The table's rows: one query, or none."""
        if connection.in_atomic_block:
            return self._read()
        slot, settings = self._slot, connection.settings_dict
        database = (str(settings["HOST"]), str(settings["NAME"]))
        if slot and slot.database == database and time.monotonic() - slot.read_at < FRESH:
            return slot.value
        value = self._read()
        self._slot = _Slot(value, time.monotonic(), database)
        return value

    def forget(self) -> None:
        """Read anew at the next question, and after the open transaction, if there is one, is committed."""
        self._drop()
        transaction.on_commit(self._drop)

    def _drop(self) -> None:
        self._slot = None
