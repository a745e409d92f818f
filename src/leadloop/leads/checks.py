"""What must hold of every pursuit."""

from __future__ import annotations

from leadloop.ledger.checks import Check

_OPEN = "l.stage not in ('won', 'lost', 'disqualified', 'merged')"

CHECKS = (
    Check(
        3,
        "an open lead whose owner does not work here",
        "Every open lead has one owner who can sign in",
        f"""
        select 'lead ' || l.id from leads_lead l left join platform_user u on u.id = l.owner_id
         where {_OPEN} and u.is_active is not true limit %s
        """,
    ),
    Check(
        3,
        "a running promise of somebody who does not work here",
        "Whoever owes something can sign in",
        """
        select 'promise ' || p.id from leads_promise p left join platform_user u on u.id = p.owner_id
         where p.state = 'running' and u.is_active is not true limit %s
        """,
    ),
    Check(
        4,
        "an open lead without a promise",
        "Every open lead has a promise with a due time running",
        f"""
        select 'lead ' || l.id from leads_lead l
         where {_OPEN} and not exists
               (select from leads_promise p where p.lead_id = l.id and p.state = 'running') limit %s
        """,
    ),
    Check(
        4,
        "a headline that is not the earliest promise",
        "What a lead shows as due next is the earliest promise that runs",
        f"""
        select 'lead ' || l.id from leads_lead l
          join (select lead_id, min(due_at) as due_at from leads_promise where state = 'running' group by 1) p
            on p.lead_id = l.id
         where {_OPEN} and p.due_at is distinct from l.due_at limit %s
        """,
    ),
    Check(
        4,
        "a promise that still runs on a closed lead",
        "Nothing is owed on a closed lead",
        f"""
        select 'promise ' || p.id from leads_promise p join leads_lead l on l.id = p.lead_id
         where p.state = 'running' and not ({_OPEN}) limit %s
        """,
    ),
    Check(
        6,
        "a closed lead without a reason",
        "Every closed lead has an outcome, a time and a reason",
        f"select 'lead ' || l.id from leads_lead l where not ({_OPEN})"
        " and (l.close_reason = '' or l.closed_at is null) limit %s",
    ),
)
