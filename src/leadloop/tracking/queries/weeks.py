"""How promises were kept, week by week: the small lines on the loop page."""

from __future__ import annotations

from datetime import datetime, timedelta

from leadloop.tracking.queries.reading import fetch

_SQL = """
select kind, width_bucket(extract(epoch from due_at), %(first)s, %(last)s, %(weeks)s) as week,
       count(*) filter (where state = 'kept' and not is_broken), count(*) filter (where is_broken)
  from leads_facet_promise
 where due_at >= %(start)s and due_at < %(end)s
 group by 1, 2
"""


def kept_by_week(end: datetime, weeks: int = 8) -> dict[str, list[float]]:
    """Share of promises kept in time per kind, for the weeks up to `end`, oldest first; 1.0 where none fell due."""
    start = end - timedelta(weeks=weeks)
    rows = fetch(
        _SQL, {"start": start, "end": end, "first": start.timestamp(), "last": end.timestamp(), "weeks": weeks}
    )
    found: dict[str, list[float]] = {}
    for kind, week, kept, broken in rows:
        line = found.setdefault(kind, [1.0] * weeks)
        if 1 <= week <= weeks and kept + broken:
            line[week - 1] = kept / (kept + broken)
    return found
