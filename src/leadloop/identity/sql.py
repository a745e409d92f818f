"""Running the room's SQL: whole batches as arrays, values always as parameters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from django.db import connection

from leadloop.people.arrays import arrays_in


def rows(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a statement and return what it gives back; lists among the values become arrays."""
    with connection.cursor() as cursor:
        cursor.execute(statement, arrays_in(values))
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def run(statement: str, values: Sequence[Any]) -> int:
    """Run a statement and return how many rows it touched; lists among the values become arrays."""
    with connection.cursor() as cursor:
        cursor.execute(statement, arrays_in(values))
        return int(cursor.rowcount)


def to_json(value: Any) -> str:
    """JSON text of a value, for a parameter that the statement casts to jsonb."""
    return orjson.dumps(value).decode()


def from_json(value: Any) -> Any:
    """The value of a jsonb column, which raw cursors give as text."""
    return orjson.loads(value) if isinstance(value, str | bytes) else value
