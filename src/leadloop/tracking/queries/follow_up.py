"""Who follows up, how fast, and who does not."""

from __future__ import annotations

from leadloop.tracking.contracts import FollowUp, Period
from leadloop.tracking.measures import HANDED_OVER
from leadloop.tracking.queries.reading import fetch, given

_SQL = f"""
with handed as ({HANDED_OVER}),
timed as (select *, extract(epoch from contacted_at - entered_at) as seconds from handed),
back as (
    select a.user_id,
           count(*) filter (where a.state = 'rejected') as rejected,
           count(*) filter (where a.state = 'pulled_back') as pulled_back
      from distribution_facet_assignment a
     where a.offered_at >= %(start)s and a.offered_at < %(end)s
     group by grouping sets ((), (a.user_id))
)
select t.user_id, count(*), count(t.contacted_at),
       max(coalesce(b.rejected, 0)), max(coalesce(b.pulled_back, 0)), count(*) - count(t.contacted_at),
       percentile_cont(0.5) within group (order by t.seconds), percentile_cont(0.9) within group (order by t.seconds)
  from timed t left join back b on b.user_id = t.user_id
 group by grouping sets ((), (t.user_id))
 order by t.user_id nulls first
"""


def follow_up(period: Period) -> list[FollowUp]:
    """How hand-overs of the period were followed up: everybody together first, then each user. One query."""
    rows = [FollowUp(*row) for row in fetch(_SQL, given(period))]
    return [_with_sums(rows), *rows[1:]] if rows else []


def _with_sums(rows: list[FollowUp]) -> FollowUp:
    """The line for everybody: answers are summed here, since a join on no user finds none."""
    everybody, users = rows[0], rows[1:]
    return FollowUp(
        user_id=None,
        handed_over=everybody.handed_over,
        contacted=everybody.contacted,
        rejected=sum(row.rejected for row in users),
        pulled_back=sum(row.pulled_back for row in users),
        untouched=everybody.untouched,
        p50_seconds=everybody.p50_seconds,
        p90_seconds=everybody.p90_seconds,
    )
