"""Running SQL on whole batches: as arrays, values apart from the statement, rows read in binary.

Django's own cursor writes every value into the text of the statement and reads moments by regular expression; for a
batch of a thousand leads that is several times the work of the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import orjson
import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg.types.json import set_json_loads

set_json_loads(orjson.loads)  # reads the payload of a fact in a tenth of the time


def fetch(sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Run one statement and return its rows. Lists among the parameters become arrays, which the statement casts."""
    with batch_cursor() as cursor:
        cursor.execute(sql, [array(value) if isinstance(value, list) else value for value in parameters])
        return list(cursor.fetchall())


def run(sql: str, parameters: Sequence[Any] = ()) -> int:
    """Run one statement that returns no rows, with parameters as `fetch` takes them; returns how many rows it wrote."""
    with batch_cursor() as cursor:
        cursor.execute(sql, [array(value) if isinstance(value, list) else value for value in parameters])
        return int(cursor.rowcount)


def array(values: Sequence[Any]) -> str:
    """Return the text form of an array of texts, numbers, booleans or aware moments, None among them."""
    kinds = set(map(type, values))
    if str in kinds:
        return _texts(values) if len(kinds) == 1 else _mixed(values)
    if float in kinds:  # JSON has no infinity, which an array may hold
        return f"{{{','.join(['NULL' if value is None else repr(value) for value in values])}}}"
    return f"{{{orjson.dumps(values)[1:-1].decode()}}}"  # otherwise the two are written alike


def columns(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """Turn rows of one shape into lists by column, as `unnest` takes them."""
    return [list(column) for column in zip(*rows, strict=True)]


def _texts(values: Sequence[str]) -> str:
    """All at once: PostgreSQL has no texts with a zero byte in them, so it can stand between them meanwhile."""
    joined = "\0".join(values)
    if joined.count("\0") >= len(values):
        raise ValueError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
    escaped = joined.replace("\\", "\\\\").replace('"', '\\"').replace("\0", '","')
    return f'{{"{escaped}"}}'


def _mixed(values: Sequence[str | None]) -> str:
    """Some of them None, which stands unquoted; a text that nobody writes stands for it meanwhile."""
    written = _texts([_NONE if value is None else value for value in values])
    if written.count(_NONE) == values.count(None):
        return written.replace(f'"{_NONE}"', "NULL")
    return f"{{{','.join(['NULL' if value is None else _texts([value])[1:-1] for value in values])}}}"


_NONE = "\x01none\x01"


@contextmanager
def planned_once() -> Iterator[None]:
    """Plan the statements of `fetch` and `run` inside once for a connection, as for what is small and comes often.

    There planning takes longer than the work. PostgreSQL makes the first five times a plan for the values at hand, then
    one for all values, unless it expects that to be slower. Their texts have to be few: a connection keeps a hundred.
    Where statements are logged nothing changes, since psycopg forgets the text of those that are planned already.
    """
    connection.ensure_connection()
    asked = connection.connection
    before = asked.prepare_threshold
    asked.prepare_threshold = before if connection.queries_logged else 0
    try:
        yield
    finally:
        asked.prepare_threshold = before


@contextmanager
def batch_cursor() -> Iterator[CursorWrapper]:
    """Open a cursor on Django's connection, whose statements are counted, wrapped and logged as Django's own are.

    Rows come in binary, so JSON is best cast to text. Parameters, marked %s or %b, are sent apart from the statement.
    """
    connection.ensure_connection()
    wrap: Callable[[Any], CursorWrapper] = (
        connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    )
    with psycopg.Cursor(connection.connection) as raw:
        raw.format = psycopg.pq.Format.BINARY
        yield wrap(raw)
