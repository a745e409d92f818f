"""A file as headings and rows, read piece by piece."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path

from leadloop.capture.imports import dialect, sheets
from leadloop.capture.imports.content import looks_like_data
from leadloop.capture.imports.encoding import Encoding, chosen, detect, mend
from leadloop.kernel.errors import Invalid
from leadloop.kernel.text import csv_given, one_line
from leadloop.kernel.values import dataclass

_LONGEST_CELL = 1 << 20
_SAMPLE = 1 << 16
_MOST_COLUMNS = 500
_LONGEST_HEADING, _LONGEST_NAME = 120, 120
ERROR = "error"  # the heading of the column that a file of refused rows has more than the one it came from
csv.field_size_limit(_LONGEST_CELL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """How a file is to be read. `delimiter` is empty for workbooks, `sheet` and `encoding` for text files.

    `is_returned` tells a file of refused rows that comes back: its last column says why, and is none of its own.
    """

    path: Path
    encoding: Encoding
    delimiter: str
    sheet: str
    has_header: bool
    headers: tuple[str, ...]
    is_returned: bool = False


def open_table(
    path: Path,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    has_header: bool | None = None,
) -> Table:
    """Look at a file and return how it is read; what is given counts, the rest is found out. Invalid when empty."""
    if sheets.is_workbook(path):
        found = Encoding("", "valid")
        table = Table(
            path=path, encoding=found, delimiter="", sheet=sheet or _filled_sheet(path), has_header=True, headers=()
        )
    else:
        found = chosen(path, encoding) if encoding else detect(path)
        separator = delimiter or dialect.sniff(_head(path, found))
        if len(separator) != 1:
            raise Invalid("a delimiter is one character", field="delimiter", mend="Use a comma, semicolon, tab or |")
        table = Table(path=path, encoding=found, delimiter=separator, sheet="", has_header=True, headers=())
    first = next(_lines(table), None)
    if first is None:
        raise Invalid("the file is empty", field="file", mend="Choose a file with rows")
    named = has_header if has_header is not None else not looks_like_data(first[1])
    headers = _headers(first[1], named=named)
    if named and len(headers) > 1 and headers[-1] == ERROR:
        return replace(table, has_header=True, headers=headers[:-1], is_returned=True)
    return replace(table, has_header=named, headers=headers)


def rows(table: Table, *, mended: bool = True) -> Iterator[tuple[int, list[str]]]:
    """Yield (line or row number in the file, cells), blank rows left out. The heading is number 1 where there is one.

    Bytes that don't fit the encoding are read as well as can be, or, not `mended`, left to be found by `is_bad`.
    Raises Invalid, naming the line, for a file that stops being a table.
    """
    found = _lines(table)
    if table.has_header:
        found = islice(found, 1, None)
    if table.is_returned:
        width = len(table.headers)
        found = ((number, list(map(csv_given, cells[:width]))) for number, cells in found)
    if mended and table.encoding.mixed:
        return ((number, list(map(mend, cells))) for number, cells in found)
    return found


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, by which the same file is known again."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def safe_name(name: str) -> str:
    """Return a file's name fit to show: no folders, one visible line."""
    base = name.replace("\\", "/").rpartition("/")[2]
    return one_line(base, _LONGEST_NAME) or "unnamed file"


def headers_digest(headers: tuple[str, ...]) -> str:
    """Return by what files with the same headings are known."""
    return hashlib.sha256("\x1f".join(headers).casefold().encode()).hexdigest()


def _lines(table: Table) -> Iterator[tuple[int, list[str]]]:
    found = _sheet_lines(table) if table.sheet else _text_lines(table)
    for number, cells in found:
        if any(cell.strip() for cell in cells):
            yield number, cells


def _sheet_lines(table: Table) -> Iterator[tuple[int, list[str]]]:
    return enumerate(sheets.rows_of(table.path, table.sheet), start=1)


def _text_lines(table: Table) -> Iterator[tuple[int, list[str]]]:
    errors = "surrogateescape" if table.encoding.mixed else "strict"
    with table.path.open(encoding=table.encoding.name, errors=errors, newline="") as file:
        first = file.readline()
        hinted = first.strip().lower() == f"{dialect.HINT}{table.delimiter}".lower()
        reader = csv.reader(file if hinted else chain([first], file), delimiter=table.delimiter)
        started = 1 if hinted else 0
        try:
            for cells in reader:
                yield started + reader.line_num, cells
        except csv.Error as error:
            raise Invalid(
                f"line {started + reader.line_num} can't be read: {error}",
                field="file",
                mend="Look for a quotation mark that is never closed",
            ) from None


def _headers(first: list[str], *, named: bool) -> tuple[str, ...]:
    """Return a distinct heading for every column."""
    if len(first) > _MOST_COLUMNS:
        raise Invalid(f"the file has more than {_MOST_COLUMNS} columns", field="file", mend="Leave some out")
    seen: dict[str, int] = {}
    headers = []
    for number, cell in enumerate(first, start=1):
        heading = (one_line(mend(cell), _LONGEST_HEADING) if named else "") or f"Column {number}"
        seen[heading] = seen.get(heading, 0) + 1
        headers.append(heading if seen[heading] == 1 else f"{heading} ({seen[heading]})")
    return tuple(headers)


def _head(path: Path, encoding: Encoding) -> str:
    with path.open(encoding=encoding.name, errors="replace", newline="") as file:
        return file.read(_SAMPLE)


def _filled_sheet(path: Path) -> str:
    """Return the first sheet that has any rows."""
    names = sheets.sheet_names(path)
    return next((name for name in names if any(True for _ in sheets.rows_of(path, name))), names[0] if names else "")
