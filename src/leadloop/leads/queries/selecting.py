"""What stands behind a filter, without the rows: ids to act upon, and counts of several lists at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from leadloop.leads.queries.filters import conditions
from leadloop.leads.queries.visibility import visible_to
from leadloop.ledger.sql import fetch
from leadloop.platform.contracts import Viewer

COUNTED_UP_TO = 10_000


def listed_ids(viewer: Viewer, *, filters: Mapping[str, Any], now: datetime, limit: int) -> list[int]:
    """Ids of the leads that the viewer sees and the filters let through, ascending; at most `limit`. One query."""
    wanted = [visible_to(viewer), *conditions(filters, now)]
    found = fetch(
        f"select l.id from leads_lead l where {' and '.join(one.sql for one in wanted)} order by l.id limit %s",
        [*(value for one in wanted for value in one.params), limit],
    )
    return [lead_id for (lead_id,) in found]


def count_each(viewer: Viewer, lists: Sequence[Mapping[str, Any]], *, now: datetime) -> list[int]:
    """How many leads the viewer sees on each of these filtered lists, counted up to COUNTED_UP_TO. One query or none.

    Custom fields in criteria may cost one more for each list that has some.
    """
    if not lists:
        return []
    parts, params = [], []
    for filters in lists:
        wanted = [visible_to(viewer), *conditions(filters, now)]
        where = " and ".join(one.sql for one in wanted)
        parts.append(f"(select count(*) from (select 1 from leads_lead l where {where} limit {COUNTED_UP_TO}) c)")
        params += [value for one in wanted for value in one.params]
    return list(fetch(f"select {', '.join(parts)}", params)[0])
