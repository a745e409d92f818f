"""Lists of leads, filtered and sorted as somebody asks, within what they may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from leadloop.kernel.errors import NotFound
from leadloop.leads.contracts import LeadRow, Page, Sort
from leadloop.leads.queries.filters import conditions
from leadloop.leads.queries.pages import page
from leadloop.leads.queries.paging import Key
from leadloop.leads.queries.rows import LEAD_COLUMNS, OPEN, lead_row
from leadloop.leads.queries.totals import total
from leadloop.leads.queries.visibility import Condition, visible_to
from leadloop.leads.queries.worklist import URGENCY
from leadloop.ledger.sql import fetch
from leadloop.platform.contracts import Viewer
from leadloop.platform.roles import Verb

_ID = Key("l.id", "bigint", descending=True)
ORDERS: dict[Sort, tuple[Key, ...]] = {
    Sort.NEWEST: (Key("l.opened_at", "timestamptz", descending=True), _ID),
    Sort.DUE: URGENCY,
    # S orders like today's engagement; who never was engaged comes last. The same expression stands in an index.
    Sort.ENGAGEMENT: (Key("coalesce(l.engagement, '-1e9'::float8)", "float8", descending=True), _ID),
    Sort.VALUE: (Key("l.expected_value", "bigint", descending=True), _ID),
    Sort.STAGE_SINCE: (Key("l.stage_since", "timestamptz"), Key("l.id", "bigint")),
}


OF_OPEN = (Sort.DUE, Sort.STAGE_SINCE)


def listing(
    viewer: Viewer,
    *,
    filters: Mapping[str, Any] | None = None,
    sort: Sort | str = Sort.NEWEST,
    after: str | None = None,
    limit: int = 50,
    now: datetime,
    verb: Verb = "see",
    counted: bool = True,
) -> Page[LeadRow]:
    """One page of the leads that the viewer may see (or edit, export) and that the filters let through.

    `filters` are those of `filters.conditions`; sorted by due time or by time in stage it shows open leads only, as
    the others are not due and stand nowhere. The total comes with the first page, exact up to EXACT_UP_TO, above that
    the planner's estimate; without `counted` it does not come.
    Two queries for a first page, three when it estimates, one for further pages; custom fields in criteria may
    cost one more.
    """
    sort = Sort(sort)
    wanted = [visible_to(viewer, verb), *conditions(filters or {}, now)]
    if sort in OF_OPEN:
        wanted.append(Condition(f"l.{OPEN}"))
    rows, cursor = page(f"list-{sort}", ORDERS[sort], wanted, after, limit)
    if after or not counted:
        return Page(rows, cursor)
    return Page(rows, cursor, *_total(wanted))


def lead(viewer: Viewer, lead_id: int) -> LeadRow:
    """One lead that the viewer may see; raises NotFound for any other, whether it exists or not. One query."""
    reach = visible_to(viewer)
    found = fetch(
        f"select {LEAD_COLUMNS} from leads_lead l where l.id = %s::numeric and {reach.sql}", [lead_id, *reach.params]
    )
    if not found:
        raise NotFound("there is no such lead", field="lead_id", mend="Look it up by the person's name")
    return lead_row(found[0])


def _total(wanted: Sequence[Condition]) -> tuple[int, bool]:
    """The number of leads, and whether it is an estimate."""
    sql = f"select 1 from leads_lead l where {' and '.join(one.sql for one in wanted)}"
    return total(sql, [value for one in wanted for value in one.params])
