"""Writing CSV files from the command line."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from leadloop.kernel.errors import Conflict
from leadloop.loop import erasing, exports
from leadloop.loop.cli.saying import progress, say, show, table


def export(what: str, columns: Sequence[str], out: Path | None) -> None:
    """Write to a file, whole or not at all, or to the terminal.

    A file is begun anew when somebody was erased meanwhile; raises Conflict when it had gone to the terminal.
    """
    while True:
        try:
            with _opened(out) as file, erasing.naming_nobody_erased():
                written = _write(what, columns, file)
            break
        except Conflict:
            if out is None:
                raise
    if out is not None:
        say(f"Written: {out}, {written:,} {what}. It holds personal data; keep it safe.")


def list_columns(what: str) -> None:
    """Say which columns there are, the usual ones first."""
    known, usual = exports.columns(what), exports.kind_of(what).usual
    rows = [
        (name, known[name].label, "yes" if name in usual else "") for name in (*usual, *sorted({*known} - {*usual}))
    ]
    show(table("", ("Column", "What it is", "Usual"), rows))


def _write(what: str, columns: Sequence[str], file: TextIO) -> int:
    written = 0
    with progress() as bar:
        task = bar.add_task(what.capitalize(), total=None)
        for written in exports.write(what, columns, file):
            bar.update(task, completed=written)
    return written


@contextmanager
def _opened(out: Path | None) -> Iterator[TextIO]:
    if out is None:
        yield sys.stdout
        return
    partial = out.with_name(f".{out.name}.partial")
    try:
        with partial.open("w", encoding="utf-8", newline="") as file:
            yield file
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)
