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
        "a won deal that the ledger does not know as won",
        "Every won deal was won on the ledger, and not reopened since",
        """
        with told as (
            select opportunity_id, max(id) filter (where kind = 'opportunity.won') as won,
                   max(id) filter (where kind = 'opportunity.reopened') as reopened
              from ledger_event where opportunity_id is not null group by 1
        )
        select 'opportunity ' || o.id from selling_opportunity o left join told t on t.opportunity_id = o.id
         where o.state = 'won' and (t.won is null or t.reopened > t.won) limit %s
        """,
    ),
    Check(
        8,
        "won revenue that the ledger tells otherwise",
        "What a won deal is worth is what the ledger says, corrections and reopenings counted",
        """
        with told as (
            select opportunity_id, sum(base_amount) as base from ledger_event
             where kind in ('opportunity.won', 'opportunity.reopened')
                or (kind = 'opportunity.changed' and base_amount is not null)
             group by 1
        )
        select 'opportunity ' || o.id || ': ' || o.base_minor || ', on the ledger ' || coalesce(t.base::text, 'nothing')
          from selling_opportunity o left join told t on t.opportunity_id = o.id
         where o.state = 'won' and t.base is distinct from o.base_minor limit %s
        """,
    ),
    Check(
        7,
        "an erased person who is still in the columnar copy",
        "Within an hour the files that held an erased person's rows are written anew",
        """
        select 'person ' || person_id from tracking_forgotten
         where done_at is null and asked_at < now() - interval '1 hour' limit %s
        """,
    ),
)
