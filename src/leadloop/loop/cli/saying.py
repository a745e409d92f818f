"""How the command line speaks: results to stdout, everything else to stderr."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from leadloop.kernel.errors import Invalid

RESULTS = Console(highlight=False)
ASIDE = Console(stderr=True, highlight=False)
LONGEST_WORD = 24


def say(text: str) -> None:
    """A line for people, beside the result."""
    ASIDE.print(text, markup=False, soft_wrap=True)


def show(table: Table) -> None:
    """A table as result."""
    RESULTS.print(table)
    RESULTS.print()


def answer(text: str) -> None:
    """A line as result, exactly as it is, however wide the window."""
    RESULTS.out(text, highlight=False)


def as_json(value: Any) -> None:
    """A result as one line of JSON."""
    answer(json.dumps(value, ensure_ascii=False, default=_plain))


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], *, right: Sequence[str] = ()) -> Table:
    """A table of texts; columns named in `right` stand to the right. Lines break between words, never in figures."""
    made = Table(title=title or None, title_justify="left", title_style="bold", header_style="bold", box=None)
    cells = [[_cell(value) for value in row] for row in rows]
    for place, column in enumerate(columns):
        said = [row[place] for row in cells]
        whole = said if column in right else [word for text in said for word in text.split()]
        least = max((len(text) for text in whole), default=0)
        made.add_column(
            column,
            justify="right" if column in right else "left",
            overflow="fold",
            min_width=min(max(least, len(max(column.split(), key=len, default=""))), LONGEST_WORD),
        )
    for row in cells:
        made.add_row(*row)
    return made


def pairs(given: Sequence[str], field: str) -> Mapping[str, str]:
    """What was given as LEFT=RIGHT, several times. Raises Invalid for one without an equals sign."""
    return dict(_pair(one, field) for one in given)


def progress() -> Progress:
    """A bar on stderr that goes when it is done."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=ASIDE,
        transient=True,
        disable=not ASIDE.is_terminal,
    )


class Steps:
    """Progress as a bar: one task for each thing that is being done; of 0 where nobody knows of how much."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, what: str, done: int, of: int) -> None:
        if what not in self._tasks:
            self._tasks[what] = self._bar.add_task(what, total=of or None)
        self._bar.update(self._tasks[what], completed=done, total=of or None)


def _pair(text: str, field: str) -> tuple[str, str]:
    left, equals, right = text.partition("=")
    if not equals or not left.strip():
        raise Invalid(f"{text!r} is not of the form NAME=VALUE", field=field, mend="Write it like Ort=city")
    return left.strip(), right.strip()


def _cell(value: Any) -> str:
    return "–" if value is None else str(value)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)
