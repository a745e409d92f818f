"""Keyset paging: the next page begins behind the last row, whatever came or went meanwhile."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import orjson

from leadloop.kernel.errors import Invalid
from leadloop.leads.queries.visibility import Condition

MOST = 500  # rows of one page


class Key(NamedTuple):
    """One part of an order: a column without nulls, its SQL type and its direction."""

    column: str
    type: str
    descending: bool = False


def order_by(keys: Sequence[Key]) -> str:
    """The order as SQL."""
    return ", ".join(f"{key.column} desc" if key.descending else key.column for key in keys)


def behind(keys: Sequence[Key], cursor: str | None, order: str) -> Condition:
    """The rows behind a cursor; all of them without one. Raises Invalid for a cursor of another order.

    The first column is also compared on its own, which lets an index begin at the right place.
    """
    if not cursor:
        return Condition("true")
    values = read_cursor(order, keys, cursor)
    sql, params = "false", tuple[Any, ...]()
    for key, value in reversed(list(zip(keys, values, strict=True))):
        sign = "<" if key.descending else ">"
        beyond, equal = f"{key.column} {sign} %s::{key.type}", f"{key.column} = %s::{key.type}"
        sql, params = f"({beyond} or ({equal} and {sql}))", (value, value, *params)
    first = keys[0]
    sign = "<=" if first.descending else ">="
    return Condition(f"{first.column} {sign} %s::{first.type} and {sql}", (values[0], *params))


def cursor_of(order: str, values: Sequence[Any]) -> str:
    """An opaque cursor that stands behind the row with these values."""
    plain = [order, *(one.isoformat() if isinstance(one, datetime) else one for one in values)]
    return base64.urlsafe_b64encode(orjson.dumps(plain)).decode().rstrip("=")


def read_cursor(order: str, keys: Sequence[Key], cursor: str) -> list[Any]:
    """The values that a cursor stands behind. Raises Invalid for a cursor of another order."""
    try:
        name, *values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if name != order:
            raise ValueError("a cursor of another order")
        return [_VALUES[key.type](value) for key, value in zip(keys, values, strict=True)]
    except (ValueError, TypeError):
        raise _foreign() from None


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.utcoffset() is None:
        raise ValueError("a moment without a zone")
    return moment


def _integer(value: Any) -> int:
    if not isinstance(value, int) or abs(value) >= 2**63:
        raise ValueError("no integer of the database")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise ValueError("no text of the database")
    return value


_VALUES: dict[str, Callable[[Any], Any]] = {
    "timestamptz": _moment,
    "bigint": _integer,
    "float8": float,
    "text": _text,
}


def _foreign() -> Invalid:
    return Invalid("this page can't be found again", field="after", mend="Begin at the first page")


def size(limit: int) -> int:
    """The number of rows of a page: at least one, at most MOST."""
    return max(1, min(limit, MOST))
