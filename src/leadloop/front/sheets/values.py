"""What stands in a file for the cells of a table: values, not the words of the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from leadloop.front.cells import Kind, Piece
from leadloop.kernel.money import Money, exponent
from leadloop.kernel.text import csv_safe

Plain = str | int | float | Decimal | date | datetime | None


def columns(table: Piece) -> list[tuple[str, Kind]]:
    """Names and kinds of the file's columns: one for each of the table, a second one for the currency of money."""
    found: list[tuple[str, Kind]] = []
    for column in table["columns"]:
        kind = column.get("kind", "text")
        found.append((column["label"], kind))
        if kind == "money":
            found.append((f"{column['label']}, currency", "text"))
    return found


def rows(table: Piece) -> Iterator[list[Plain]]:
    """The values of each row, as many as there are columns. Text is guarded: no spreadsheet takes it for a formula.

    Moments are those of the cell's zone, without naming it; money is a decimal in whole units beside its currency.
    """
    kinds: list[Kind] = [column.get("kind", "text") for column in table["columns"]]
    for row in table["rows"]:
        yield [value for kind, piece in zip(kinds, row["cells"], strict=True) for value in _values(kind, piece)]


def _values(kind: Kind, piece: Any) -> Sequence[Plain]:
    raw = piece.get("raw", piece.get("text")) if isinstance(piece, Mapping) else piece
    if kind == "money":
        if not isinstance(raw, Money):
            return None, ""
        return Decimal(raw.minor).scaleb(-exponent(raw.currency)), raw.currency
    if isinstance(raw, datetime):
        local = raw.astimezone(ZoneInfo(str(piece.get("zone", "UTC")))).replace(tzinfo=None)
        return (local.date() if kind == "day" else local.replace(microsecond=0),)
    if kind == "text":
        return (csv_safe("" if raw is None else str(raw)),)
    return (raw if not isinstance(raw, str | Money) else None,)
