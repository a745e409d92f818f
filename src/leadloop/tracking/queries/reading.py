"""Running a statement with named parameters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from leadloop.tracking.contracts import Period


def fetch(sql: str, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """All rows of one statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def given(period: Period, **others: int | datetime | str | None) -> dict[str, Any]:
    """Parameters of a measure. What it doesn't ask for does no harm."""
    return {"start": period.start, "end": period.end, "user": None, "programme": None, "source": None, **others}
