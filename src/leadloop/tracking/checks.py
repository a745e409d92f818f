"""Credited revenue equals won revenue to the cent."""

from __future__ import annotations

from leadloop.ledger.checks import Check
from leadloop.tracking.measures import CREDITED

_ALL = CREDITED.replace("%(start)s", "'-infinity'").replace("%(end)s", "'infinity'")

CHECKS = (
    Check(
        8,
        "revenue that is credited twice or not at all",
        "Over all programmes and what none brought, credited revenue is the won revenue",
        f"""
        select 'credited ' || c.total || ', won ' || w.total
          from (select coalesce(sum(base_minor), 0) as total from ({_ALL}) x) c,
               (select coalesce(sum(base_minor), 0) as total from selling_opportunity where state = 'won') w
         where c.total <> w.total limit %s
        """,
    ),
    Check(
        8,
        "won revenue that the ledger tells otherwise",
        "Won revenue is what the ledger says was won, corrections and reopenings counted",
        """
        with told as (
            select opportunity_id,
                   sum(base_amount) filter (where kind in ('opportunity.won', 'opportunity.corrected')) as base,
                   max(id) filter (where kind = 'opportunity.won') as won,
                   max(id) filter (where kind = 'opportunity.reopened') as reopened
              from ledger_event where opportunity_id is not null group by 1
        )
        select 'opportunity ' || o.id from selling_opportunity o left join told t on t.opportunity_id = o.id
         where o.state = 'won' and (t.won is null or t.reopened > t.won) limit %s
        """,
    ),
)
