"""A person's notices, and how many of them still wait."""

from __future__ import annotations

from collections.abc import Sequence

from leadloop.ledger.sql import fetch
from leadloop.loop.notices.contracts import NoticeKind, NoticeRow

# What was settled otherwise waits no more: the lead or leads were accepted, the promise kept late or dropped.
_WAITS = """
(n.read_at is null and case n.kind
  when 'lead' then exists (select 1 from leads_facet_lead l
                            where l.lead_id = n.lead_id and l.owner_id = n.user_id and l.stage = 'assigned')
  when 'leads' then exists (select 1 from leads_facet_lead l where l.owner_id = n.user_id and l.stage = 'assigned')
  when 'late' then exists (select 1 from leads_facet_promise p
                            where p.promise_id = n.subject_id and p.owner_id = n.user_id and p.state = 'running')
  else true end)
"""


def waiting(user_id: int) -> int:
    """How many notices of somebody wait for them. One query."""
    ((count,),) = fetch(
        f"select count(*) from loop_notice n where n.user_id = %s and n.read_at is null and {_WAITS}", [user_id]
    )
    return int(count)


def notices(user_id: int, *, before: int | None = None, limit: int = 50) -> list[NoticeRow]:
    """Notices of somebody, the newest first, behind the id `before`. One query."""
    found = fetch(
        f"""
        select n.id, n.kind, n.lead_id, n.subject_id, n.detail, n.at, n.read_at, {_WAITS}
          from loop_notice n where n.user_id = %s and (%s::bigint is null or n.id < %s::bigint)
         order by n.id desc limit %s
        """,
        [user_id, before, before, limit],
    )
    return [NoticeRow(row[0], NoticeKind(row[1]), *row[2:]) for row in found]


def to_gather(wanted: Sequence[tuple[int, NoticeKind]]) -> list[tuple[int, NoticeKind, int, list[int]]]:
    """What still waits of these kinds and no letter has told of, counted by user and kind, with its ids. One query."""
    found = fetch(
        f"""
        select n.user_id, n.kind, sum(case n.kind when 'leads' then n.detail::int else 1 end)::int, array_agg(n.id)
          from loop_notice n
          join unnest(%s::bigint[], %s::text[]) as wanted (user_id, kind)
            on wanted.user_id = n.user_id and wanted.kind = n.kind
         where n.read_at is null and n.gathered_at is null and {_WAITS}
         group by 1, 2 order by 1, 2
        """,
        [[user_id for user_id, _ in wanted], [str(kind) for _, kind in wanted]],
    )
    return [(user_id, NoticeKind(kind), count, ids) for user_id, kind, count, ids in found]
