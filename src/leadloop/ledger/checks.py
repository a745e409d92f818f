"""The form of a check: a statement that finds what breaks a promise. Each room keeps its own in `checks.py`.

A check may look at tables of lower rooms: it builds nothing on them, it makes sure of them.
"""

from __future__ import annotations

from leadloop.kernel.values import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """`sql` lists offending rows as text, at most as many as asked for by its last clause `limit %s`.

    `promise` is the number of the promise in docs/concepts.md that a row would break.
    """

    promise: int
    name: str
    says: str
    sql: str


CHECKS = (
    Check(
        5,
        "a lead without its opening fact",
        "Every lead has exactly one lead.opened on the ledger",
        """
        select 'lead ' || l.id from leads_lead l
          left join (select lead_id, count(*) as n from ledger_event where kind = 'lead.opened' group by 1) e
            on e.lead_id = l.id
         where coalesce(e.n, 0) <> 1 limit %s
        """,
    ),
    Check(
        5,
        "a stage that the ledger does not know",
        "The stage and owner of a lead are those of its last move on the ledger",
        """
        with last as (
            select distinct on (lead_id) lead_id,
                   coalesce(payload ->> 'after', payload ->> 'stage') as stage
              from ledger_event where kind in ('lead.opened', 'lead.moved') order by lead_id, id desc
        )
        select 'lead ' || l.id || ': ' || l.stage || ', on the ledger ' || last.stage
          from leads_lead l join last on last.lead_id = l.id where last.stage <> l.stage limit %s
        """,
    ),
    Check(
        5,
        "an owner that the ledger does not know",
        "The owner of a lead is the one of its last change of hands on the ledger",
        """
        with last as (
            select distinct on (lead_id) lead_id, (payload ->> 'owner_id')::bigint as owner_id
              from ledger_event where kind in ('lead.opened', 'lead.moved', 'lead.owned') order by lead_id, id desc
        )
        select 'lead ' || l.id from leads_lead l join last on last.lead_id = l.id
         where last.owner_id <> l.owner_id limit %s
        """,
    ),
)
