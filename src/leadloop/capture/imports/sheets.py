"""Workbooks, opened only after a look at how big they would become."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineWorkbook

from leadloop.kernel.errors import Invalid

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_MOST_ENTRIES = 2_000
_MOST_UNPACKED = 300 << 20
_MOST_PACKED = 60 << 20
_MOST_RATIO = 200  # honest sheets pack about tenfold


def is_workbook(path: Path) -> bool:
    """Tell by its first bytes whether a file is a workbook, whatever it is called."""
    with path.open("rb") as file:
        return file.read(4) in (_ZIP, _OLE)


def sheet_names(path: Path) -> list[str]:
    """Return the names of a workbook's sheets; Invalid when it is damaged or would unpack to too much."""
    return list(_open(path).sheet_names)


def rows_of(path: Path, sheet: str) -> Iterator[list[str]]:
    """Yield the rows of a sheet as texts; dates in ISO form, whole numbers without decimals."""
    try:
        found = _open(path).get_sheet_by_name(sheet)
    except CalamineError:
        raise Invalid(f"there is no sheet {sheet!r}", field="sheet", mend="Choose one of the workbook's") from None
    for row in found.iter_rows():
        yield [_text(cell) for cell in row]


def _open(path: Path) -> CalamineWorkbook:
    _check(path)
    try:
        return CalamineWorkbook.from_path(str(path))
    except (CalamineError, OSError):
        raise Invalid("the workbook can't be opened", field="file", mend="Save it again as .xlsx or .csv") from None


def _check(path: Path) -> None:
    """Raise Invalid for what would fill the memory once it is unpacked."""
    if path.stat().st_size > _MOST_PACKED:
        raise _too_big()
    with path.open("rb") as file:
        if file.read(4) != _ZIP:
            return
    try:
        with ZipFile(path) as archive:
            entries = archive.infolist()
    except BadZipFile:
        raise Invalid("the workbook is damaged", field="file", mend="Save it again as .xlsx or .csv") from None
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > _MOST_ENTRIES or unpacked > _MOST_UNPACKED or unpacked > _MOST_RATIO * max(packed, 1):
        raise _too_big()


def _too_big() -> Invalid:
    return Invalid("the workbook is too big to open", field="file", mend="Save the sheet as .csv, which has no limit")


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date | time):
        return cell.isoformat(sep=" ") if isinstance(cell, datetime) else cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return "" if cell is None else str(cell)
