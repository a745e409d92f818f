"""The rows behind a figure, as a process of its own: what is asked comes in as JSON and the ids go out as JSON.

So a page can open any figure of the copy without loading an engine itself.
"""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Any

import orjson

from leadloop.kernel.errors import LeadloopError
from leadloop.platform.config import load
from leadloop.tracking.columnar.place import place_of
from leadloop.tracking.contracts import Period
from leadloop.tracking.figures.asking import rows_behind
from leadloop.tracking.figures.catalogue import RATIOS, measure
from leadloop.tracking.figures.contracts import Asked
from leadloop.tracking.figures.engine import Opened, opened
from leadloop.tracking.leaks.finding import affected

LEAK = "leak."


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """Ids of the rows behind `name` from `start` to `end`, narrowed by `where`, with what they are ids of."""
    config = load()
    with opened(place_of(config.columns, cache=config.home / "columns-cache"), config.engine) as copy:
        period = Period(datetime.fromisoformat(asked["start"]), datetime.fromisoformat(asked["end"]))
        span = Asked.of(period, zone=asked["zone"], now=copy.manifest.as_of)
        subject, ids = _rows(copy, span, asked["name"], asked.get("where") or {})
        return {"subject": subject, "ids": ids, "as_of": copy.manifest.as_of.isoformat()}


def _rows(copy: Opened, span: Asked, name: str, where: dict[str, Any]) -> tuple[str, list[int]]:
    if name.startswith(LEAK):
        _, kind, part = name.split(".")
        return "lead", affected(copy, span, kind, part, where.get("owner_id"))
    if name in RATIOS:
        name = RATIOS[name].below  # what it was divided by; the other half is a figure of its own
    return measure(name).source.subject, rows_behind(copy, span, name, where)


def main() -> None:
    """Answer the question on standard input; an error that people can act on comes back as `error`."""
    try:
        said = answer(orjson.loads(sys.stdin.buffer.read()))
    except LeadloopError as error:
        said = {"error": error.as_dict()}
    sys.stdout.buffer.write(orjson.dumps(said))


if __name__ == "__main__":
    main()
