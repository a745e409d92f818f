"""Statements kept as the SQL of their engine: building and translating one takes longer than DuckDB takes to answer it.

What differs from one time to the next are the moments and days that are asked for. A statement is translated with marks
in their place, and whenever it is asked its values are put there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from dataclasses import fields
from datetime import date, datetime
from typing import Any

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir

from leadloop.kernel.values import dataclass
from leadloop.tracking.figures.contracts import Asked
from leadloop.tracking.figures.engine import Opened

MARK = re.compile(r"ASKED_(?:DAY|MOMENT)\('(\w+)'\)")


def _asked(which: str) -> None:
    """Stands for a value of what is asked, by its name; no engine ever gets to see it."""


_moment = ibis.udf.scalar.builtin(_asked, name="asked_moment", signature=(("string",), "timestamp(6)"))
_day = ibis.udf.scalar.builtin(_asked, name="asked_day", signature=(("string",), "date"))
MARKED = Asked(**{one.name: (_day if one.type == "date" else _moment)(one.name) for one in fields(Asked)})


@dataclass(frozen=True, slots=True)
class Kept:
    """A translated statement, and the tables as they were then."""

    sql: str
    tables: dict[str, ibis.Schema]


_KEPT: dict[tuple[str, bool, Hashable], Kept] = {}


def rows(copy: Opened, asked: Asked, key: Hashable, build: Callable[[Opened, Asked], ir.Table]) -> list[dict[str, Any]]:
    """The rows of the expression that `build` makes, which is built only where it is not kept yet.

    `key` is all that the expression is made of but the copy and `asked`: with another key, another engine, or tables
    whose columns have changed it is built again.
    """
    place = (copy.engine, copy.many, key)
    kept = _KEPT.get(place)
    if kept is None or any(copy[name].schema() != schema for name, schema in kept.tables.items()):
        kept = _KEPT[place] = _translated(copy, build(copy, MARKED))
    return copy.rows_of(MARK.sub(lambda mark: _literal(getattr(asked, mark[1])), kept.sql))


def _translated(copy: Opened, expression: ir.Table) -> Kept:
    tables = expression.op().find(ops.DatabaseTable)
    return Kept(copy.backend.compile(expression), {table.name: table.schema for table in tables})


def _literal(value: date) -> str:
    """As every engine reads it; a moment's session zone is UTC in each."""
    if isinstance(value, datetime):
        return f"CAST('{value.isoformat(' ')}' AS TIMESTAMP)"
    return f"CAST('{value.isoformat()}' AS DATE)"
