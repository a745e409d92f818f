"""What a benchmark answers, and how it is written down."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Row:
    """One comparison: ours against theirs, both with units, and the ratio or share that comes of it."""

    what: str
    ours: str
    against: str
    ratio: str
    bar: str
    met: bool


@dataclass(frozen=True)
class Result:
    """A benchmark's answer. `notes` say how it was measured, warm-up included."""

    number: str
    rows: list[Row]
    notes: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """As plain values, to cross from one process to another."""
        return asdict(self)

    def as_markdown(self) -> str:
        """A table and the notes below it."""
        lines = ["| What | Ours | Against | Ratio | First bar | |", "| --- | ---: | ---: | ---: | ---: | --- |"]
        for row in self.rows:
            verdict = "met" if row.met else "missed"
            lines.append(f"| {row.what} | {row.ours} | {row.against} | {row.ratio} | {row.bar} | {verdict} |")
        return "\n".join([*lines, "", *(f"- {note}" for note in self.notes)])


def from_json(plain: dict[str, Any]) -> Result:
    """The opposite of `as_json`."""
    return Result(plain["number"], [Row(**row) for row in plain["rows"]], plain["notes"])
