"""How the command line speaks: results to stdout, everything else to stderr."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from leadloop.kernel.errors import Invalid

RESULTS = Console(highlight=False, soft_wrap=False)
ASIDE = Console(stderr=True, highlight=False)


def say(text: str) -> None:
    """A line for people, beside the result."""
    ASIDE.print(text, markup=False, soft_wrap=True)


def show(table: Table) -> None:
    """A table as result."""
    RESULTS.print(table)


def answer(text: str) -> None:
    """A line as result, exactly as it is, however wide the window."""
    RESULTS.out(text, highlight=False)


def as_json(value: Any) -> None:
    """A result as one line of JSON."""
    answer(json.dumps(value, ensure_ascii=False, default=_plain))


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], *, right: Sequence[str] = ()) -> Table:
    """A table of texts; the columns named in `right` stand to the right."""
    made = Table(title=title or None, title_justify="left", title_style="bold", header_style="bold", box=SIMPLE_HEAD)
    for column in columns:
        if column in right:
            made.add_column(column, justify="right", no_wrap=True)
        else:
            made.add_column(column, overflow="fold")
    for row in rows:
        made.add_row(*(_cell(value) for value in row))
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
    )


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
