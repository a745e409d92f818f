"""Reading one page of leads by any order and condition."""

from __future__ import annotations

from collections.abc import Sequence

from leadloop.leads.contracts import LeadRow
from leadloop.leads.queries.paging import Key, behind, cursor_of, order_by, size
from leadloop.leads.queries.rows import LEAD_COLUMNS, lead_row
from leadloop.leads.queries.visibility import Condition
from leadloop.ledger.sql import fetch

WIDTH = len(LEAD_COLUMNS.split(", "))


def page(
    order: str, keys: Sequence[Key], conditions: Sequence[Condition], after: str | None, limit: int
) -> tuple[list[LeadRow], str | None]:
    """At most `limit` leads behind `after`, and the cursor behind the last of them; None at the end. One query."""
    rows_wanted = size(limit)
    every = [*conditions, behind(keys, after, order)]
    found = fetch(
        f"""
        select {LEAD_COLUMNS}, {", ".join(key.column for key in keys)}
          from leads_lead l
         where {" and ".join(one.sql for one in every)}
         order by {order_by(keys)}
         limit %s
        """,
        [*(value for one in every for value in one.params), rows_wanted + 1],
    )
    shown = found[:rows_wanted]
    more = len(found) > rows_wanted
    return [lead_row(values) for values in shown], cursor_of(order, shown[-1][WIDTH:]) if more else None
