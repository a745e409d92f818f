"""Pages that somebody read, as personal data: erased and exported with their person."""

from __future__ import annotations

from typing import Any

from leadloop.ledger.sql import fetch
from leadloop.people.stores import Cursor, register_store

_OWN = "person_id = any(%s) or visitor in (select key from capture_visitor where person_id = any(%s))"


def erase(cursor: Cursor, person_ids: list[int]) -> int:
    """Forget what these persons read, and that they were these visitors. Returns how many rows that touched."""
    cursor.execute(f"delete from capture_visit where {_OWN}", [person_ids, person_ids])
    touched = cursor.rowcount
    cursor.execute("delete from capture_visitor where person_id = any(%s)", [person_ids])
    return touched + cursor.rowcount


def export(person_ids: list[int]) -> list[dict[str, Any]]:
    """Pages these persons read, JSON-ready, oldest first. One query."""
    found = fetch(
        "select seen_at, page, referrer, touch::text from capture_visit where person_id = any(%s) order by id",
        [person_ids],
    )
    return [
        {"seen_at": at.isoformat(), "page": page, "referrer": came, "touch": touch} for at, page, came, touch in found
    ]


register_store("visits", erase, export, says="pages read on the company's site")
