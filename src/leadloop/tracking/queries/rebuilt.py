"""Stages and funnel from the ledger alone: what an empty database that holds only the facts would say."""

from __future__ import annotations

from leadloop.tracking.contracts import Period
from leadloop.tracking.measures import RANKS
from leadloop.tracking.queries.reading import fetch, given

_STAGES = """
select distinct on (lead_id) lead_id, coalesce(payload ->> 'after', payload ->> 'stage')
  from ledger_event where kind in ('lead.opened', 'lead.moved') order by lead_id, epoch, id desc
"""

_FUNNEL = f"""
with opened as (
    select lead_id from ledger_event
     where kind = 'lead.opened' and happened_at >= %(start)s and happened_at < %(end)s
),
reached as (
    select o.lead_id, max(r.rank) as rank
      from opened o
      join leads_facet_stage_entry e on e.lead_id = o.lead_id
      join (values {", ".join(f"('{stage}', {rank})" for stage, rank in RANKS.items())}) as r (stage, rank)
        on r.stage = e.stage
     group by 1
)
select rank, count(*) from reached group by 1
"""


def stages_from_ledger() -> dict[int, str]:
    """The stage of every lead as its last move tells it. One query."""
    return dict(fetch(_STAGES, {}))


def furthest_from_ledger(period: Period) -> dict[int, int]:
    """How many leads opened in the period came how far (rank of `measures.RANKS`). One query."""
    return dict(fetch(_FUNNEL, given(period)))
