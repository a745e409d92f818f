"""Small tables that hardly ever change (labels, names), kept in this process for a while.

For what pages show beside the rows they are about. What is decided upon is read anew: inside a transaction nothing
comes from here.
"""

from __future__ import annotations

import time
from typing import Any, Generic, TypeVar

from django.db import connection, transaction

from leadloop.kernel.values import dataclass
from leadloop.ledger.reads import Read, ask, together

T = TypeVar("T")

FRESH = 30.0  # seconds: how long a change made by another process may stay unseen

EVERY: list[Kept[Any]] = []


@dataclass(frozen=True, slots=True)
class _Slot(Generic[T]):
    value: T
    read_at: float
    database: tuple[str, str]


class Kept(Generic[T]):
    """Asks `read` at most every `FRESH` seconds for one database; the answer is shared, so it must not be changed.

    Whatever else is kept and too old is read anew in the same statement. An answer of None is not kept.
    """

    def __init__(self, read: Read[T]) -> None:
        self._read = read
        self._slot: _Slot[T] | None = None
        EVERY.append(self)

    def __call__(self) -> T:
        """The table's rows: one query, or none."""
        if connection.in_atomic_block:
            return ask(self._read)
        slot = self._standing()
        return slot.value if slot else self._anew()

    def forget(self) -> None:
        """Read anew at the next question, and after the open transaction, if there is one, is committed."""
        self._drop()
        transaction.on_commit(self._drop)

    def _anew(self) -> T:
        old = [self, *(one for one in EVERY if one is not self and one._standing() is None)]
        found = together(*(one._read for one in old))
        for one in old:
            one._keep(found[one._read])
        return found[self._read]

    def _standing(self) -> _Slot[T] | None:
        slot = self._slot
        fresh = slot is not None and slot.database == _database() and time.monotonic() - slot.read_at < FRESH
        return slot if fresh else None

    def _keep(self, value: T) -> None:
        self._slot = None if value is None else _Slot(value, time.monotonic(), _database())

    def _drop(self) -> None:
        self._slot = None


def _database() -> tuple[str, str]:
    settings = connection.settings_dict
    return str(settings["HOST"]), str(settings["NAME"])
