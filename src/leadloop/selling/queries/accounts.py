"""Firms as accounts: which of them somebody may see, and lists of those."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from leadloop.kernel.errors import Invalid, NotFound
from leadloop.leads.contracts import Page
from leadloop.leads.queries import Condition
from leadloop.leads.queries import visible_to as leads_visible_to
from leadloop.leads.queries.paging import Key, behind, cursor_of, order_by, size
from leadloop.leads.queries.totals import total
from leadloop.people.contracts import CompanyRow
from leadloop.people.queries import companies, group_of, patterns
from leadloop.platform.contracts import Viewer
from leadloop.platform.queries import users
from leadloop.platform.roles import Capability, Scope, Verb
from leadloop.selling.contracts import AccountSort
from leadloop.selling.queries.visibility import visible_to
from leadloop.selling.sql import fetch

ORDERS: Mapping[AccountSort, tuple[Key, ...]] = {
    AccountSort.NAME: (Key("c.name", "text"), Key("c.company_id", "bigint")),
    AccountSort.NEWEST: (Key("c.company_id", "bigint", descending=True),),
}
_LEADS = "select l.company_id from leads_facet_lead l where "
_DEALS = "select o.company_id from selling_opportunity o where "


def account_reach(viewer: Viewer, verb: Verb = "see") -> Condition:
    """The firms, under the alias `c`, to which the viewer's right to people reaches. At most one query.

    Who does not see everybody sees the firms of accounts of their own (or their teams'), of their leads and of
    their deals.
    """
    scope = viewer.scope(Capability.PEOPLE, verb)
    if scope is Scope.ALL:
        return Condition("true")
    if scope is Scope.NONE:
        return Condition("false")
    leads, deals = leads_visible_to(viewer, verb), visible_to(viewer, verb)
    return Condition(
        "c.company_id in (select w.company_id from people_facet_company w where w.account_owner_id = any(%s::bigint[])"
        f" union {_LEADS}{leads.sql} union {_DEALS}{deals.sql})",
        (_owners(viewer, scope), *leads.params, *deals.params),
    )


def _owners(viewer: Viewer, scope: Scope) -> list[int]:
    if scope is Scope.OWN:
        return [viewer.user_id]
    return [viewer.user_id, *(row.id for row in users().values() if row.team_id in viewer.team_ids)]


def accounts(
    viewer: Viewer,
    *,
    filters: Mapping[str, Any],
    sort: AccountSort = AccountSort.NAME,
    after: str | None = None,
    limit: int = 50,
    verb: Verb = "see",
    counted: bool = True,
) -> Page[CompanyRow]:
    """One page of the firms that the viewer may see (or export) and that the filters let through.

    Filters: `q` (words of the name), `owner` (of the account, an id), `country`, `industry`, `group` (the id of a firm
    of it), and `having` one of HAVING. The total comes with the first page, unless not `counted`. At most six queries.
    Raises Invalid for a filter there is not.
    """
    keys, order = ORDERS[sort], f"accounts-{sort}"
    wanted = [account_reach(viewer, verb), *_conditions(filters, viewer)]
    every = [*wanted, behind(keys, after, order)]
    found = fetch(
        f"""
        select c.company_id, c.name from people_facet_company c
         where {_and(every)} order by {order_by(keys)} limit %s
        """,
        [*_params(every), size(limit) + 1],
    )
    shown = found[: size(limit)]
    known = companies([company_id for company_id, _ in shown])
    rows = [known[company_id] for company_id, _ in shown]
    cursor = cursor_of(order, _place(sort, shown[-1])) if len(found) > len(shown) else None
    if after or not counted:
        return Page(rows, cursor)
    return Page(rows, cursor, *total(f"select 1 from people_facet_company c where {_and(wanted)}", _params(wanted)))


def account(viewer: Viewer, company_id: int, verb: Verb = "see") -> CompanyRow:
    """One firm that the viewer may see (or change); raises NotFound for any other. At most three queries."""
    reach = account_reach(viewer, verb)
    found = fetch(
        f"select c.company_id from people_facet_company c where c.company_id = %s::numeric and {reach.sql}",
        [company_id, *reach.params],
    )
    if not found:
        raise NotFound("There is no such company", field="company_id", mend="Look it up by its name")
    return companies([company_id])[company_id]


def _place(sort: AccountSort, row: tuple[int, str]) -> tuple[Any, ...]:
    company_id, name = row
    return (name, company_id) if sort is AccountSort.NAME else (company_id,)


def _and(wanted: list[Condition]) -> str:
    return " and ".join(one.sql for one in wanted)


def _params(wanted: list[Condition]) -> list[Any]:
    return [value for one in wanted for value in one.params]


def _conditions(filters: Mapping[str, Any], viewer: Viewer) -> list[Condition]:
    found = []
    for name, value in filters.items():
        if value is None or value == "":
            continue
        if name not in _FILTERS:
            raise Invalid(f"companies can't be filtered by “{name}”", field=name, mend="Remove this filter")
        found.append(_FILTERS[name](value, viewer))
    return found


def _named(value: str, _viewer: Viewer) -> Condition:
    words = patterns(value)
    return Condition(" and ".join(["c.name ilike %s"] * len(words)) or "true", tuple(words))


def _having(value: str, viewer: Viewer) -> Condition:
    if value not in HAVING:
        raise Invalid(f"“{value}” is unknown", field="having", mend=f"Use one of: {', '.join(HAVING)}")
    rows, which = HAVING[value]
    reach = leads_visible_to(viewer) if rows is _LEADS else visible_to(viewer)
    return Condition(f"c.company_id in ({rows}{which} and {reach.sql})", reach.params)


HAVING = {
    "leads": (_LEADS, "l.is_open"),
    "deals": (_DEALS, "o.state = 'open'"),
    "won": (_DEALS, "o.state = 'won'"),
}
_FILTERS: Mapping[str, Callable[[Any, Viewer], Condition]] = {
    "q": _named,
    "owner": lambda value, _viewer: Condition("c.account_owner_id = %s", (value,)),
    "country": lambda value, _viewer: Condition("c.country = %s", (str(value),)),
    "industry": lambda value, _viewer: Condition("lower(c.industry) = lower(%s)", (str(value),)),
    "having": _having,
    "group": lambda value, _viewer: Condition("c.company_id = any(%s::bigint[])", (group_of(value),)),
}
