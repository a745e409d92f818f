"""The little Markdown that the generated documents are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Row = Sequence[object]


def codes(names: Iterable[object]) -> str:
    """Names as code, or a dash where there are none."""
    return ", ".join(f"`{name}`" for name in names) or "–"


def table(head: Row, rows: Iterable[Row]) -> str:
    """A table under its head; what stands in the cells is written as it is."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def escaped(text: object) -> str:
    """Text that may stand in a cell."""
    return str(text).replace("|", "\\|")


def whole_page(parts: Iterable[str]) -> str:
    """Parts with an empty line between them."""
    return "\n\n".join(part.strip() for part in parts) + "\n"
