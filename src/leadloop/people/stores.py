"""Who holds personal data: every room that does registers its store here, and erasure goes through all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from leadloop.kernel.values import dataclass


class Cursor(Protocol):
    """What a store gets to work with: a cursor inside the erasing transaction."""

    rowcount: int

    def execute(self, sql: Any, params: Any = None) -> Any: ...
    def fetchall(self) -> list[tuple[Any, ...]]: ...


Erase = Callable[[Cursor, list[int]], int]
Export = Callable[[list[int]], list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Store:
    """One place with personal data."""

    name: str
    erase: Erase
    export: Export | None
    says: str  # what is in it, in words


_STORES: dict[str, Store] = {}


def register_store(name: str, erase: Erase, export: Export | None = None, *, says: str = "") -> None:
    """Enter a store; called once, when its room is loaded.

    `erase(cursor, person_ids)` takes everything personal of these persons away in the caller's transaction and
    returns how many rows that touched; run again it does nothing more. Rows that others count (an inquiry, a message)
    stay, emptied. `export(person_ids)` returns what is held, JSON-ready, in a list with an item for each thing.
    """
    known = _STORES.setdefault(name, Store(name, erase, export, says or name))
    if known.erase is not erase:
        raise ValueError(f"the store {name!r} is registered twice")


def stores() -> list[Store]:
    """Every registered store, by name."""
    return [_STORES[name] for name in sorted(_STORES)]
