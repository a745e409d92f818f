"""Where leads come from, and what pipeline they make."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from leadloop.tracking.contracts import Period, SourceFlow
from leadloop.tracking.measures import MADE
from leadloop.tracking.queries.reading import fetch, given

_SQL = f"""
select source_id, '' as currency, count(*), 0, 0 from leads_facet_lead
 where opened_at >= %(start)s and opened_at < %(end)s group by 1
 union all
select source_id, currency, 0, count(*), sum(minor)::bigint from ({MADE}) m group by 1, 2
"""
_WEEKS = """
select floor(extract(epoch from happened_at - %(start)s) / 604800)::int as week, count(*) from capture_facet_inquiry
 where kind = 'sales' and happened_at >= %(start)s and happened_at < %(end)s group by 1
"""


def sources_to_pipeline(period: Period) -> list[SourceFlow]:
    """What each source brought in the period, the most deals first; sources without anything are left out. One query.

    The same leads and deals as the measures `source.leads` and `source.deals` list.
    """
    leads: dict[int | None, int] = defaultdict(int)
    deals: dict[int | None, int] = defaultdict(int)
    made: dict[int | None, list[tuple[str, int]]] = defaultdict(list)
    for source, currency, opened, count, minor in fetch(_SQL, given(period)):
        leads[source] += opened
        deals[source] += count
        if currency:
            made[source].append((currency, int(minor)))
    known = sorted({*leads, *deals}, key=lambda one: (-deals[one], -leads[one], one or 0))
    return [SourceFlow(one, leads[one], deals[one], tuple(made[one])) for one in known]


def inquiries_by_week(weeks: Sequence[Period]) -> list[int]:
    """Inquiries about buying in each of these weeks of 168 hours, which follow each other. One query."""
    whole = Period(weeks[0].start, weeks[-1].end)
    counted = dict(fetch(_WEEKS, given(whole)))
    return [counted.get(week, 0) for week in range(len(weeks))]
