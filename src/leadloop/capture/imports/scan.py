"""One pass over all rows: how full columns are, which texts occur, how dates are written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from leadloop.capture.imports.contracts import BadCell
from leadloop.capture.imports.encoding import is_bad
from leadloop.capture.parse.clean import is_blank
from leadloop.capture.parse.dates import Style, styles_of

_CHUNK = 2_000
_MOST_TEXTS = 500
_MOST_BAD_CELLS = 100
_READABLE = 0.5
Rows = Iterable[tuple[int, list[str]]]


@dataclass(slots=True)
class ColumnScan:
    """What one column holds.

    `texts` counts what occurs and is None once that is too much; `styles` in how many rows a date can be read in each
    style; `seen` hashes of what occurs, where texts are told apart.
    """

    filled: int = 0
    texts: Counter[str] | None = field(default_factory=Counter)
    styles: Counter[Style] = field(default_factory=Counter)
    seen: set[int] | None = None

    def best_styles(self) -> list[Style]:
        """Return the styles that read most of the dates, several when nothing tells them apart."""
        most = max(self.styles.values(), default=0)
        if most < _READABLE * self.filled:
            return []
        return sorted(style for style, count in self.styles.items() if count == most)


@dataclass(slots=True)
class Scan:
    """What all rows together hold."""

    columns: list[ColumnScan]
    rows: int = 0
    short: int = 0
    long: int = 0
    bad_cells: list[BadCell] = field(default_factory=list)
    bad_cell_count: int = 0


def scan(rows: Rows, headers: Sequence[str], *, dates: set[int], unique: set[int], mixed: bool) -> Scan:
    """Look at every row. `dates` are columns whose style is wanted, `unique` those whose texts are told apart."""
    found = Scan([ColumnScan() for _ in headers])
    for index in unique:
        found.columns[index].seen = set()
    stream = iter(rows)
    while chunk := list(islice(stream, _CHUNK)):
        _add(found, chunk, headers, dates)
        if mixed:
            _note_bad(found, chunk, headers)
    return found


def _add(found: Scan, chunk: list[tuple[int, list[str]]], headers: Sequence[str], dates: set[int]) -> None:
    """Add a chunk column by column: counting equal texts first makes everything after it cheap."""
    width = len(headers)
    found.rows += len(chunk)
    found.short += sum(len(cells) < width for _, cells in chunk)
    found.long += sum(len(cells) > width for _, cells in chunk)
    for index, column in enumerate(found.columns):
        counts = Counter(cells[index].strip() for _, cells in chunk if index < len(cells))
        for text in [text for text in counts if is_blank(text)]:
            del counts[text]
        column.filled += counts.total()
        if column.seen is not None:
            column.seen.update(map(hash, counts))
        if column.texts is not None:
            column.texts.update(counts)
            if len(column.texts) > _MOST_TEXTS:
                column.texts = None
        if index in dates:
            for text, count in counts.items():
                column.styles.update(dict.fromkeys(styles_of(text), count))


def _note_bad(found: Scan, chunk: list[tuple[int, list[str]]], headers: Sequence[str]) -> None:
    for number, cells in chunk:
        for header, cell in zip(headers, cells, strict=False):
            if is_bad(cell):
                found.bad_cell_count += 1
                if len(found.bad_cells) < _MOST_BAD_CELLS:
                    found.bad_cells.append(BadCell(number, header))
