"""DuckDB's side of a refresh: CSV into Parquet by month, old rows replaced by new ones, everything read back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import duckdb

from leadloop.kernel.errors import Invalid
from leadloop.tracking.columnar.manifest import File
from leadloop.tracking.columnar.place import Place
from leadloop.tracking.columnar.source import Part
from leadloop.tracking.columnar.tables import Table

UNDATED = "none"  # the month of rows that have no moment
ROWS_PER_GROUP = 120_000
FILES_PER_MONTH = 8  # more than this, and small ones are made one


class CopyDiffers(Invalid):
    """What was written is not what was read. Nothing was published."""


@dataclass
class Workshop:
    """A DuckDB in memory, with a folder for drafts beside it."""

    place: Place
    folder: Path
    generation: int
    memory: str = "1GB"
    duck: duckdb.DuckDBPyConnection = field(init=False)

    def __post_init__(self) -> None:
        self.duck = duckdb.connect()
        self.duck.execute(f"set memory_limit = '{self.memory}'")
        self.duck.execute(f"set temp_directory = {_quoted(self.folder / 'spill')}")
        self.duck.execute("set timezone = 'UTC'")

    def load(self, table: Table, part: Part, name: str) -> None:
        """Make the part a table of this name, and see that it is all there. CopyDiffers when it is not."""
        columns = ", ".join(f'"{column.name}" {column.kind}' for column in table.columns)
        self.duck.execute(f'create or replace temp table "{name}" ({columns})')
        types = {column.name: str(column.kind) for column in table.columns}
        for path in part.files:
            self.duck.execute(
                f"""insert into "{name}" from read_csv($1, header = false, auto_detect = false, columns = {types},
                    nullstr = '\\N', delim = ',', quote = '"', escape = '"', new_line = '\\n', strict_mode = true)""",
                [str(path)],
            )
            path.unlink()
        self._must_be(table, f'"{name}"', part.rows, part.sums)

    def write(self, table: Table, relation: str) -> list[File]:
        """Write a relation's rows as Parquet, a file for each month, and read them back."""
        month = f"coalesce(strftime({table.month}, '%Y-%m'), '{UNDATED}')"
        months = self.duck.execute(f"select distinct {month} from {relation} order by 1").fetchall()
        return [self.write_month(table, f"(from {relation} where {month} = '{one}')", one) for (one,) in months]

    def write_month(self, table: Table, relation: str, month: str) -> File:
        """Write the rows of one month as one file."""
        draft = self.folder / f"{uuid4().hex}.parquet"
        columns = ", ".join(f'"{column.name}"' for column in table.columns)
        self.duck.execute(
            f"copy (select {columns} from {relation} order by {table.order}) to {_quoted(draft)}"
            f" (format parquet, compression zstd, row_group_size {ROWS_PER_GROUP})"
        )
        rows, sums = self.measure(table, relation)
        self._must_be(table, f"read_parquet({_quoted(draft)})", rows, sums)
        path = f"{table.name}/{month}/{self.generation}-{uuid4().hex[:8]}.parquet"
        self.place.put(draft, path)
        return File(path, month, rows, sums)

    def replace(self, table: Table, files: Sequence[File], gone: str, fresh: str) -> list[File]:
        """The table's files with the rows of the subjects in `gone` replaced by those in `fresh`.

        Only files that held such rows are written anew, those of a month as one with what is new in it.
        """
        held = self._holding(table, files, gone)
        kept = [file for file in files if file.path not in held]
        for month in sorted({held[path] for path in held} | self._months_of(table, fresh)):
            old = [file for file in files if file.path in held and file.month == month]
            parts = [f"(from {fresh} where coalesce(strftime({table.month}, '%Y-%m'), '{UNDATED}') = '{month}')"]
            if old:
                parts.append(f'(from {self.reading(old)} anti join "{gone}" g on g.id = {table.subject})')
            relation = "(" + " union all by name ".join(parts) + ")"
            if self.duck.execute(f"select exists (from {relation})").fetchone() == (True,):
                kept.append(self.write_month(table, relation, month))
        return self.merge(table, kept)

    def merge(self, table: Table, files: Sequence[File]) -> list[File]:
        """The files, of which small ones of a month that has too many are made one.

        No file is merged with others that are smaller than it, all taken together: so a row is written anew a few
        times in its life, however large its month becomes.
        """
        by_month: dict[str, list[File]] = {}
        for file in files:
            by_month.setdefault(file.month, []).append(file)
        merged: list[File] = []
        for month, group in sorted(by_month.items()):
            small, rest = smallest(group)
            merged += [*rest, self.write_month(table, self.reading(small), month)] if small else group
        return merged

    def reading(self, files: Sequence[File]) -> str:
        """SQL that reads these files."""
        paths = ", ".join(_quoted(self.place.local(file.path)) for file in files)
        return f"read_parquet([{paths}])"

    def keep(self, name: str, ids: Collection[int]) -> None:
        """A table of ids."""
        self.duck.execute(f'create or replace temp table "{name}" (id bigint)')
        if ids:
            self.duck.execute(f'insert into "{name}" select unnest($1::bigint[])', [list(ids)])

    def measure(self, table: Table, relation: str) -> tuple[int, dict[str, int]]:
        """Number of rows and sums of whole-number columns."""
        sums = "".join(f", coalesce(sum({name}), 0)::hugeint" for name in table.summed)
        row = self.duck.execute(f"select count(*){sums} from {relation}").fetchone()
        assert row is not None
        return row[0], dict(zip(table.summed, map(int, row[1:]), strict=True))

    def _holding(self, table: Table, files: Sequence[File], gone: str) -> dict[str, str]:
        """Of these files those that hold rows of the subjects in `gone`: their months by path."""
        by_place = {str(self.place.local(file.path)): file for file in files}
        if not by_place:
            return {}
        paths = ", ".join(map(_quoted, by_place))
        found = self.duck.execute(
            f"select distinct filename from read_parquet([{paths}], filename = true)"
            f' semi join "{gone}" g on g.id = {table.subject}'
        )
        return {by_place[place].path: by_place[place].month for (place,) in found.fetchall()}

    def _months_of(self, table: Table, relation: str) -> set[str]:
        month = f"coalesce(strftime({table.month}, '%Y-%m'), '{UNDATED}')"
        return {row[0] for row in self.duck.execute(f"select distinct {month} from {relation}").fetchall()}

    def _must_be(self, table: Table, relation: str, rows: int, sums: dict[str, int]) -> None:
        there = self.measure(table, relation)
        if there != (rows, sums):
            raise CopyDiffers(f"{table.name}: {rows} rows were to be written and {there[0]} are there, or sums differ")


def smallest(files: Sequence[File]) -> tuple[list[File], list[File]]:
    """Which files of a month are to become one, and which stay; none while there are few.

    The smallest half of as many as there may be, and on up to the first that is larger than all before together.
    """
    if len(files) <= FILES_PER_MONTH:
        return [], list(files)
    ordered, count = sorted(files, key=lambda file: file.rows), FILES_PER_MONTH // 2
    while count < len(ordered) and ordered[count].rows <= sum(file.rows for file in ordered[:count]):
        count += 1
    return ordered[:count], ordered[count:]


def _quoted(path: Path | str) -> str:
    return "'" + str(path).replace("'", "''") + "'"
