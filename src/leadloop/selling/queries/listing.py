"""Deals as lists and what lists of them add up to, within what somebody may see."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from leadloop.leads.contracts import Page
from leadloop.leads.queries import Condition
from leadloop.leads.queries.paging import Key, behind, cursor_of, order_by, size
from leadloop.platform.contracts import Viewer
from leadloop.platform.queries import base_amounts, company
from leadloop.platform.roles import Verb
from leadloop.selling.contracts import Card, Tally
from leadloop.selling.queries.deals import DEAL_COLUMNS, DEALS, WIDTH, deal_row
from leadloop.selling.queries.filters import LAST_DONE, conditions
from leadloop.selling.queries.visibility import visible_to
from leadloop.selling.rules import risks
from leadloop.selling.sql import fetch

_KEYS = (Key("o.minor", "bigint", descending=True), Key("o.id", "bigint", descending=True))
_ORDER = "deals-amount"
_PRIMARY = "(select k.lead_id from selling_opportunitylead k where k.opportunity_id = o.id and k.is_primary)"
_COLUMNS = (
    "count(*) filter (where f{at}), sum(minor) filter (where base_minor is null and f{at}),"
    " sum(base_minor) filter (where f{at})"
)


def deals(
    viewer: Viewer,
    *,
    filters: Mapping[str, Any],
    now: datetime,
    after: str | None = None,
    limit: int = 50,
    verb: Verb = "see",
    counted: bool = True,
) -> Page[Card]:
    """One page of the deals that the viewer may see and that the filters let through, the largest amount first.

    `filters` are those of `filters.conditions`. The total comes with the first page, unless not `counted`. Two queries
    for a counted first page, one otherwise.
    """
    today = _today(now)
    wanted = [visible_to(viewer, verb), *conditions(filters, now, today)]
    every = [*wanted, behind(_KEYS, after, _ORDER)]
    values = fetch(
        f"""
        select {DEAL_COLUMNS}, {_PRIMARY}, {LAST_DONE} from {DEALS}
         where {_and(every)} order by {order_by(_KEYS)} limit %s
        """,
        [*_params(every), size(limit) + 1],
    )
    shown = [_card(one, now, today) for one in values[: size(limit)]]
    more = len(values) > size(limit)
    cursor = cursor_of(_ORDER, (shown[-1].row.minor, shown[-1].row.id)) if more else None
    if after or not counted:
        return Page(shown, cursor)
    total = fetch(f"select count(*) from {DEALS} where {_and(wanted)}", _params(wanted))[0][0]
    return Page(shown, cursor, total)


def tally(
    viewer: Viewer, named: Mapping[str, Mapping[str, Any]], *, now: datetime, by: Literal["owner"] | None = None
) -> dict[int | None, dict[str, Tally]]:
    """How many deals each of these filters lets through for the viewer, and what they are worth, by owner.

    Without `by` everything stands under None. Won deals count at the rate of their closing day, others at today's.
    Two queries, however many filters.
    """
    today = _today(now)
    each = {name: conditions(filters, now, today) for name, filters in named.items()}
    reach = visible_to(viewer)
    counted = ", ".join(_COLUMNS.format(at=at) for at in range(len(each)))
    flags = ", ".join(f"{_and(wanted)} as f{at}" for at, wanted in enumerate(each.values()))
    found = fetch(
        f"""
        select key, currency, {counted} from (
            select {"o.owner_id" if by else "null::bigint"} as key, o.currency, o.minor, o.base_minor, {flags}
              from {DEALS} where {reach.sql}) d
         where {" or ".join(f"f{at}" for at in range(len(each)))} group by 1, 2
        """,
        [*(value for wanted in each.values() for value in _params(wanted)), *reach.params],
    )
    rates = _in_base(found, list(each), today)
    sums: dict[int | None, dict[str, Tally]] = {}
    for place, (key, currency, *figures) in enumerate(found):
        mine = sums.setdefault(key, {name: Tally() for name in each})
        for at, name in enumerate(each):
            count, _, won = figures[3 * at : 3 * at + 3]
            worth = rates[place, name]
            missing = (currency,) if worth is None and count else ()
            mine[name] = mine[name].plus(count, int(won or 0) + (worth or 0), missing)
    return sums if by else {None: sums.get(None, {name: Tally() for name in each})}


def cycle_days(viewer: Viewer, *, closed_from: datetime, closed_before: datetime) -> float | None:
    """Days from opening to winning that half of the deals won in this time did not exceed; None without any."""
    reach = visible_to(viewer)
    found = fetch(
        f"""
        select percentile_cont(0.5) within group (order by extract(epoch from o.closed_at - o.opened_at)) / 86400
          from selling_opportunity o where o.state = 'won' and o.closed_at >= %s and o.closed_at < %s and {reach.sql}
        """,
        [closed_from, closed_before, *reach.params],
    )
    return None if found[0][0] is None else float(found[0][0])


def _in_base(found: list[tuple[Any, ...]], names: list[str], today: date) -> dict[tuple[int, str], int | None]:
    """What is not won yet in the company's currency, by row and filter; None without a rate."""
    asked = [
        (place, name, int(row[2 + 3 * at + 1] or 0), row[1])
        for place, row in enumerate(found)
        for at, name in enumerate(names)
    ]
    worth = base_amounts([(minor, currency, today) for _, _, minor, currency in asked])
    return {(place, name): minor for (place, name, _, _), minor in zip(asked, worth, strict=True)}


def _and(wanted: list[Condition]) -> str:
    return " and ".join(one.sql for one in wanted) or "true"


def _params(wanted: list[Condition]) -> list[Any]:
    return [value for one in wanted for value in one.params]


def _card(values: Any, now: datetime, today: date) -> Card:
    row, (primary_lead_id, last_at) = deal_row(values), values[WIDTH:]
    return Card(row, primary_lead_id, last_at, risks(row, last_at, now, today))


def _today(now: datetime) -> date:
    return now.astimezone(ZoneInfo(company().zone)).date()
