"""How long a list is: exact while that is cheap, the planner's guess beyond."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from leadloop.ledger.sql import fetch

EXACT_UP_TO = 10_000


def total(sql: str, params: Sequence[Any]) -> tuple[int, bool]:
    """The number of rows of a statement, and whether that is an estimate. One query, two above EXACT_UP_TO."""
    counted = fetch(f"select count(*) from ({sql} limit %s) c", [*params, EXACT_UP_TO + 1])[0][0]
    if counted <= EXACT_UP_TO:
        return counted, False
    plan = fetch(f"explain (format json) {sql}", list(params))[0][0]
    return max(counted, int(plan[0]["Plan"]["Plan Rows"])), True
