"""Opening an export: a folder or an archive of tables, each known by its name and headings."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import BadZipFile, ZipFile

from leadloop.capture.imports import table as tables
from leadloop.capture.imports.table import safe_name
from leadloop.capture.parse.dates import read_any
from leadloop.kernel.errors import Invalid
from leadloop.loop.from_crm.shapes import Export, Left

_MOST_FILES = 200
_MOST_UNPACKED = 2 << 30
_ENDINGS = (".csv", ".tsv", ".txt")
_BLANK = frozenset({"", "null", "none", "nan", "\\n"})
_PLACE = re.compile(r"^\d{3}~")  # in front of the name of a file from an archive, which may hold two of one name
_PREFIX = re.compile(r"^property(?:hs)?")
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Kind:
    """One object of a system, and the ends of its files' names, squashed."""

    name: str
    endings: tuple[str, ...]


@contextmanager
def unpacked(path: Path) -> Iterator[list[Path]]:
    """The tables of a folder, an archive or a single file. Invalid for what holds none, or would unpack to too much."""
    with TemporaryDirectory() as folder:
        found = sorted(path.rglob("*")) if path.is_dir() else _extracted(path, Path(folder))
        files = [one for one in found if one.is_file() and one.suffix.lower() in _ENDINGS]
        if not files:
            raise Invalid(f"{path.name} holds no tables", field="file", mend="Give a folder or an archive of CSV files")
        if len(files) > _MOST_FILES:
            raise Invalid(f"{path.name} holds more than {_MOST_FILES} files", field="file", mend="Leave some out")
        yield files


def _extracted(path: Path, folder: Path) -> list[Path]:
    if path.suffix.lower() in _ENDINGS:
        return [path]
    try:
        with ZipFile(path) as archive:
            entries = [one for one in archive.infolist() if not one.is_dir()]
            if len(entries) > _MOST_FILES or sum(one.file_size for one in entries) > _MOST_UNPACKED:
                raise Invalid(f"{path.name} would unpack to too much", field="file", mend="Leave some files out")
            made = []
            for place, one in enumerate(entries):
                target = folder / f"{place:03}~{safe_name(one.filename)}"  # never a path of the archive's own
                with archive.open(one) as packed, target.open("wb") as written:
                    shutil.copyfileobj(packed, written)
                made.append(target)
            return made
    except BadZipFile:
        raise Invalid(f"{path.name} is no archive", field="file", mend="Give a folder or a zip of CSV files") from None


def kind_of(path: Path, kinds: Sequence[Kind]) -> Kind | None:
    """What a file is about: by the end of its name, the longest of those that fit."""
    name = re.sub(r"\d+$", "", squash(Path(shown(path)).stem))
    for tail in ("postgres", "snowflake", "databricks", "data", "export", "extract"):
        name = name.removesuffix(tail)
    fitting = [(len(end), one) for one in kinds for end in one.endings if name.endswith(end)]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else None


def shown(path: Path) -> str:
    """What a file was called where it came from."""
    return _PLACE.sub("", path.name)


def rows(path: Path) -> Iterator[Row]:
    """The rows of a table by squashed heading, blanks left out; of headings that squash alike the first that says."""
    table = tables.open_table(path, has_header=True)
    names = [_PREFIX.sub("", squash(header)) or squash(header) for header in table.headers]
    for _, cells in tables.rows(table):
        found: dict[str, str] = {}
        for name, cell in zip(names, cells, strict=False):
            text = cell.strip()
            if text.casefold() not in _BLANK:
                found.setdefault(name, text)
        yield found


def squash(text: str) -> str:
    """Letters and digits alone, in small letters."""
    return re.sub(r"[\W_]+", "", text.casefold())


def first(row: Row, *names: str) -> str:
    """What the first of these headings that says something says."""
    return next((row[name] for name in names if name in row), "")


def yes(row: Row, *names: str) -> bool:
    """Whether one of these headings says yes."""
    return first(row, *names).casefold() in ("true", "1", "yes", "t")


def moment(text: str) -> datetime | None:
    """A moment in UTC, None for a text that is none."""
    return read_any(text, UTC) if text else None


def each_in_order(
    files: Sequence[tuple[str, Path, str]],
    readers: Mapping[str, Callable[[Row], object]],
    sound: Callable[[Path, str, Export], Iterator[Row]],
    export: Export,
    no_place: Mapping[str, str],
) -> None:
    """Hand every row of the files, given as (kind, path, name to show), to its kind's reader, in the readers' order.

    Files of other kinds are left, with the reason in `no_place` where there is a special one.
    """
    for kind, reader in readers.items():
        for path, name in ((path, name) for of, path, name in files if of == kind):
            count = 0
            for row in sound(path, name, export):
                reader(row)
                count += 1
            export.read[name] = {kind: count}
    for of, _, name in files:
        if of not in readers:
            export.left.append(Left(name, "", no_place.get(of, "no place for it here")))
