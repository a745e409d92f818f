"""What each programme cost and what came back."""

from __future__ import annotations

from decimal import Decimal

from leadloop.tracking.contracts import Period, Return
from leadloop.tracking.measures import BOOKED, CREDITED, REACHED
from leadloop.tracking.queries.reading import fetch, given

_SQL = f"""
with reached as ({REACHED}),
stages as (
    select programme_id, count(*) as leads,
           count(*) filter (where rank >= 1) as qualified, count(*) filter (where rank >= 3) as accepted,
           count(*) filter (where rank >= 5) as opportunities, count(*) filter (where rank >= 6) as won
      from reached group by 1
),
touches as (
    select programme_id, count(*) as inquiries from capture_facet_inquiry
     where kind = 'sales' and happened_at >= %(start)s and happened_at < %(end)s group by 1
),
costs as (select programme_id, sum(base_minor) as cost, count(*) as cost_lines from ({BOOKED}) b group by 1),
revenue as (select programme_id, sum(base_minor) as revenue, count(*) as deals from ({CREDITED}) c group by 1),
keys as (
    select programme_id from stages union select programme_id from touches
    union select programme_id from costs union select programme_id from revenue
)
select k.programme_id, coalesce(c.cost, 0), coalesce(c.cost_lines, 0), coalesce(t.inquiries, 0),
       coalesce(s.leads, 0), coalesce(s.qualified, 0),
       coalesce(s.accepted, 0), coalesce(s.opportunities, 0), coalesce(s.won, 0), coalesce(r.revenue, 0),
       coalesce(r.deals, 0)
  from keys k
  left join stages s on s.programme_id is not distinct from k.programme_id
  left join touches t on t.programme_id is not distinct from k.programme_id
  left join costs c on c.programme_id is not distinct from k.programme_id
  left join revenue r on r.programme_id is not distinct from k.programme_id
 order by coalesce(r.revenue, 0) desc, k.programme_id nulls last
"""


def returns(period: Period, *, zone: str) -> list[Return]:
    """Cost and return per programme, the largest revenue first. One query.

    Costs and wins of the period, and leads opened in it. Revenue is credited by last touch; what no programme
    brought stands in the row of programme None, so the revenues add up to the won revenue. Shared costs stand
    there too. `zone` is the company's: it cuts the days of the cost book.
    """
    found = fetch(_SQL, given(period, zone=zone))
    return [Return(*(int(value) if isinstance(value, Decimal) else value for value in row)) for row in found]
