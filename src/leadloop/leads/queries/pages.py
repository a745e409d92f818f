"""Reading one page of leads by any order and condition."""

from __future__ import annotations

from collections.abc import Sequence

from leadloop.leads.contracts import LeadRow
from leadloop.leads.queries.paging import Key, behind, cursor_of, order_by, size
from leadloop.leads.queries.rows import LEAD_COLUMNS, lead_row
from leadloop.leads.queries.visibility import Condition
from leadloop.ledger.reads import Read, Rows, ask

WIDTH = len(LEAD_COLUMNS.split(", "))


def page(
    order: str, keys: Sequence[Key], conditions: Sequence[Condition], after: str | None, limit: int
) -> tuple[list[LeadRow], str | None]:
    """At most `limit` leads behind `after`, and the cursor behind the last of them; None at the end. One query."""
    return ask(page_read(order, keys, conditions, after, limit))


def page_read(
    order: str, keys: Sequence[Key], conditions: Sequence[Condition], after: str | None, limit: int
) -> Read[tuple[list[LeadRow], str | None]]:
    """What `page` asks, to be asked together with others."""
    rows_wanted = size(limit)
    every = [*conditions, behind(keys, after, order)]

    def answer(found: Rows) -> tuple[list[LeadRow], str | None]:
        shown = found[:rows_wanted]
        more = len(found) > rows_wanted
        return [lead_row(values) for values in shown], cursor_of(order, shown[-1][WIDTH:]) if more else None

    return Read(
        f"""
        select {LEAD_COLUMNS}, {", ".join(key.column for key in keys)}
          from leads_lead l
         where {" and ".join(one.sql for one in every)}
         order by {order_by(keys)}
         limit %s::bigint
        """,
        [*(value for one in every for value in one.params), rows_wanted + 1],
        answer,
    )
