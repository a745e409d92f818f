"""What was worked out on the columnar copy, and the rows behind it. Loads no engine itself."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from leadloop.kernel.errors import NotFound, Unavailable
from leadloop.tracking.contracts import Behind, Period, Worked
from leadloop.tracking.models import Result

OPENING = "leadloop.tracking.figures.opening"
PATIENCE_SECONDS = 60


def worked(days: int) -> Worked | None:
    """Everything worked out for the last so many days (7, 30, 90 or 365); None before the first time. One query."""
    row = Result.objects.filter(key=f"{days}d").values("as_of", "generation", "figures").first()
    return Worked(row["as_of"], row["generation"], row["figures"]) if row else None


def behind(name: str, period: Period, *, zone: str, where: Mapping[str, Any] | None = None) -> Behind:
    """The rows behind a figure of the copy, by a process of its own; `where` narrows to a programme, an owner, ….

    Names are those of `docs/measures.md`, and `leak.<kind>.<part>`. A ratio opens what it was divided by. Raises
    NotFound for a name there is not, Unavailable when there is no copy or no answer.
    """
    asked = {
        "name": name,
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        "zone": zone,
        "where": dict(where or {}),
    }
    try:
        done = subprocess.run(  # noqa: S603 - this Python, our own module, no shell
            [sys.executable, "-m", OPENING],
            input=orjson.dumps(asked),
            capture_output=True,
            timeout=PATIENCE_SECONDS,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        raise Unavailable("The rows could not be read from the columnar copy", mend="Try again in a moment") from None
    said = orjson.loads(done.stdout)
    if "error" in said:
        wrong = said["error"]
        kind = NotFound if wrong["code"] == NotFound.code else Unavailable
        raise kind(wrong["problem"], field=wrong["field"], mend=wrong["mend"])
    return Behind(said["subject"], tuple(said["ids"]), datetime.fromisoformat(said["as_of"]))
