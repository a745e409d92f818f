"""Writing tables into files, a page of rows at a time: memory does not grow with their number."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import IO, Any

import xlsxwriter  # type: ignore[import-untyped]  # ships no types

from leadloop.front.cells import Kind, Piece
from leadloop.front.sheets.values import Plain, columns, rows

Writer = Callable[[IO[bytes], str, Iterable[Piece]], int]
_WIDTHS: dict[Kind, int] = {"text": 24, "moment": 18}
_FORMATS: dict[Kind, dict[str, Any]] = {
    "money": {"num_format": "#,##0.00"},
    "share": {"num_format": "0.0%"},
    "day": {"num_format": "yyyy-mm-dd"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm"},
}


def write_csv(file: IO[bytes], _title: str, pages: Iterable[Piece]) -> int:
    """Write pages of one table as CSV in UTF-8 and return how many rows that were. Moments are ISO 8601."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    out, written = csv.writer(text, lineterminator="\r\n"), 0
    for number, table in enumerate(pages):
        if number == 0:
            out.writerow([name for name, _ in columns(table)])
        for row in rows(table):
            out.writerow([value.isoformat() if isinstance(value, date) else value for value in row])
            written += 1
    text.detach()  # the file stays open for whoever sends it
    return written


def write_xlsx(file: IO[bytes], title: str, pages: Iterable[Piece]) -> int:
    """Write pages of one table as a workbook of one sheet, and return how many rows that were."""
    book = xlsxwriter.Workbook(
        file,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    formats = {kind: book.add_format(look) for kind, look in _FORMATS.items()}
    bold, sheet, written = book.add_format({"bold": True}), book.add_worksheet(_sheet_name(title)), 0
    kinds: list[Kind] = []
    for number, table in enumerate(pages):
        if number == 0:
            kinds = [kind for _, kind in columns(table)]
            for place, (name, kind) in enumerate(columns(table)):
                sheet.set_column(place, place, _WIDTHS.get(kind, 14))
                sheet.write_string(0, place, name, bold)
            sheet.freeze_panes(1, 0)
        for row in rows(table):
            written += 1
            for place, (kind, value) in enumerate(zip(kinds, row, strict=True)):
                _put(sheet, written, place, value, formats.get(kind))
    book.close()
    return written


def _put(sheet: Any, line: int, place: int, value: Plain, look: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, str):
        sheet.write_string(line, place, value)
    elif isinstance(value, date | datetime):
        sheet.write_datetime(line, place, value, look)
    else:
        sheet.write_number(line, place, value, look)


def _sheet_name(title: str) -> str:
    """What a workbook takes: at most 31 characters, none of those with a meaning in formulas."""
    return "".join(letter for letter in title if letter not in "[]:*?/\\'")[:31] or "Table"


WRITERS: dict[str, Writer] = {"csv": write_csv, "xlsx": write_xlsx}
