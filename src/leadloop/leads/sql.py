"""Running the room's SQL: whole batches as arrays, values apart from the statement, rows read in binary.

Django's own cursor writes every value into the text of the statement and reads moments by regular expression; for a
batch of a thousand leads that is several times the work of the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper

from leadloop.people.arrays import arrays_in


def fetch(sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Run one statement and return its rows. Lists among the parameters become arrays, which the statement casts."""
    with _cursor() as cursor:
        cursor.execute(sql, arrays_in(parameters))
        return list(cursor.fetchall())


def columns(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """Turn rows of one shape into lists by column, as `unnest` takes them."""
    return [list(column) for column in zip(*rows, strict=True)]


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
