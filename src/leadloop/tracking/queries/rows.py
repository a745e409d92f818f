"""The rows behind a figure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leadloop.tracking.measures import measure
from leadloop.tracking.queries.reading import fetch


def row_ids(name: str, params: Mapping[str, Any], *, limit: int = 200, offset: int = 0) -> list[int]:
    """Ids of the rows behind a figure, newest first; the same id twice when it counts twice. See `measures`."""
    sql = measure(name).sql
    found = fetch(
        f"select id from ({sql}) as m (id) order by id desc limit %(limit)s offset %(offset)s",
        {**params, "limit": limit, "offset": offset},
    )
    return [row[0] for row in found]


def count(name: str, params: Mapping[str, Any]) -> int:
    """The figure itself: how many rows there are. One query."""
    return int(fetch(f"select count(*) from ({measure(name).sql}) m", params)[0][0])
