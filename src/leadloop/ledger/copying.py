"""New rows of a whole batch by COPY, which writes a page of the table at a time where INSERT writes a row.

What a column holds throughout is written once for all rows; a column of nothing but None is left out, so that it takes
the table's default.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import orjson
import psycopg
from django.db import connection

_NONE = "\x01none\x01"  # nobody writes it; it stands for None until everything else is escaped
_ESCAPES = (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"))


def copy(table: str, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Append rows to `table`, in their order. Each holds a value for every one of `names`.

    Values as `ledger.sql.array` takes them; JSON goes as its text. Raises what an INSERT would raise. Nothing is known
    of the rows afterwards, so ids that are needed are drawn before. One statement, none where there are no rows.
    """
    columns = dict(zip(names, zip(*rows, strict=True), strict=False))
    if not columns:
        return
    sent, text = _written(columns)
    statement = f"copy {table} ({', '.join(sent)}) from stdin"
    connection.ensure_connection()
    with (
        connection.wrap_database_errors,
        _logged(statement),
        psycopg.Cursor(connection.connection) as cursor,
        cursor.copy(statement) as stream,
    ):
        stream.write(text)


def _written(columns: dict[str, tuple[Any, ...]]) -> tuple[list[str], str]:
    """The columns to be sent and their rows: those that differ from row to row, then what is the same in all."""
    (first, leading), *others = columns.items()
    same = {name: values[0] for name, values in others if values.count(values[0]) == len(leading)}
    differ = {first: leading, **{name: values for name, values in others if name not in same}}
    told = {name: value for name, value in same.items() if value is not None}
    end = "".join(f"\t{text}" for value in told.values() for text in _texts([value])) + "\n"
    return [*differ, *told], end.join(map("\t".join, zip(*map(_texts, differ.values()), strict=True))) + end


def _texts(values: Sequence[Any]) -> list[str]:
    """A column as COPY reads it, all at once: PostgreSQL has no texts with a zero byte, so it can stand between."""
    kinds = set(map(type, values))
    if str in kinds:
        return _escaped([_NONE if value is None else value for value in values] if len(kinds) > 1 else values)
    if float in kinds:  # JSON has no infinity
        return ["\\N" if value is None else repr(value) for value in values]
    written = orjson.dumps(values)[1:-1].decode().replace('"', "")
    return (written.replace("null", "\\N") if type(None) in kinds else written).split(",")


def _escaped(values: Sequence[str]) -> list[str]:
    joined = "\0".join(values)
    if joined.count("\0") >= len(values):
        raise ValueError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
    for plain, escaped in _ESCAPES:
        if plain in joined:
            joined = joined.replace(plain, escaped)
    return joined.replace(_NONE, "\\N").split("\0")


def _logged(statement: str) -> AbstractContextManager[None]:
    """Count it among the statements, as Django counts those that it sends itself."""
    return connection.cursor().debug_sql(statement) if connection.queries_logged else nullcontext()
