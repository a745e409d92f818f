"""Costs equal the cost book."""

from __future__ import annotations

from leadloop.ledger.checks import Check

CHECKS = (
    Check(
        8,
        "a cost that the ledger tells otherwise",
        "Every line of the cost book stands on the ledger with its amount",
        """
        select 'cost ' || c.id from programmes_cost c
          left join (select (payload ->> 'cost_id')::bigint as id, sum(base_amount) as base, count(*) as n
                       from ledger_event where kind = 'cost.booked' group by 1) e on e.id = c.id
         where coalesce(e.n, 0) <> 1 or e.base is distinct from c.base_minor limit %s
        """,
    ),
)
