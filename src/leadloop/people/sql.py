"""Writing by SQL, and JSON in parameters and results; reading is `ledger.sql.fetch`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from leadloop.ledger.sql import fetch


def run(statement: str, values: Sequence[Any]) -> int:
    """Run an insert, update or delete that returns nothing, and return how many rows it touched."""
    ((touched,),) = fetch(f"with done as ({statement} returning 1) select count(*) from done", values)
    return int(touched)


def to_json(value: Any) -> str:
    """JSON text of a value, for a parameter that the statement casts to jsonb."""
    return orjson.dumps(value).decode() if value else "{}"


def from_json(value: str | None) -> Any:
    """The value of JSON that was read as text, which takes a fraction of what the driver's own reading does."""
    return orjson.loads(value) if value else None
