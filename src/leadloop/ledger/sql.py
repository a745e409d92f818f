"""Running SQL on whole batches: as arrays, values apart from the statement, rows read in binary.

Django's own cursor writes every value into the text of the statement and reads moments by regular expression; for a
batch of a thousand leads that is several times the work of the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper


def fetch(sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Run one statement and return its rows. Lists among the parameters become arrays, which the statement casts."""
    with _cursor() as cursor:
        cursor.execute(sql, [array(value) if isinstance(value, list) else value for value in parameters])
        return list(cursor.fetchall())


def array(values: Sequence[Any]) -> str:
    """Return the text form of an array of texts, numbers, booleans or aware moments, None among them."""
    if set(map(type, values)) <= {int}:
        return f"{{{','.join(map(str, values))}}}"
    return f"{{{','.join([_ELEMENTS.get(type(value), _text)(value) for value in values])}}}"


def columns(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """Turn rows of one shape into lists by column, as `unnest` takes them."""
    return [list(column) for column in zip(*rows, strict=True)]


def _text(value: Any) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


_ELEMENTS: dict[type, Callable[[Any], str]] = {
    type(None): lambda _: "NULL",
    int: str,
    float: repr,
    bool: str,
    datetime: datetime.isoformat,
}


@contextmanager
def _cursor() -> Iterator[CursorWrapper]:
    """A cursor on Django's connection, whose statements are counted, wrapped and logged as Django's own are."""
    connection.ensure_connection()
    wrap: Callable[[Any], CursorWrapper] = (
        connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    )
    with psycopg.Cursor(connection.connection) as raw:
        raw.format = psycopg.pq.Format.BINARY
        yield wrap(raw)
