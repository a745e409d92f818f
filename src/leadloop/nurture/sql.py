"""Running the room's SQL: whole batches as arrays, values always as parameters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection


def fetch(statement: str, values: Sequence[Any] | dict[str, Any] = ()) -> list[tuple[Any, ...]]:
    """Run a statement and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def run(statement: str, values: Sequence[Any] | dict[str, Any] = ()) -> int:
    """Run a statement and return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def columns(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """Turn rows of one shape into lists by column, as `unnest` takes them."""
    return [list(column) for column in zip(*rows, strict=True)]
