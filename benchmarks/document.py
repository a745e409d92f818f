"""docs/benchmarks.md: what a run found goes between its markers; the words around them are written by hand."""

from __future__ import annotations

from pathlib import Path

from benchmarks.result import Result

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"


def write(result: Result, machine: str) -> None:
    """Replace what the last run of this benchmark found."""
    begin, end = (f"<!-- {result.number} {word} -->" for word in ("begins", "ends"))
    head, found, rest = PAGE.read_text().partition(begin)
    _, closed, tail = rest.partition(end)
    if not found or not closed:
        raise LookupError(f"{PAGE} has no place for {result.number}")
    PAGE.write_text(f"{head}{begin}\n{result.as_markdown()}\n- {machine}\n{end}{tail}")
