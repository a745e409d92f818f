"""Figures over leads for pages and for rooms."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Literal

from leadloop.leads.contracts import Tab
from leadloop.leads.queries.filters import conditions
from leadloop.leads.queries.rows import OPEN
from leadloop.leads.queries.visibility import visible_to
from leadloop.leads.queries.worklist import tab_condition
from leadloop.ledger.reads import Read, ask
from leadloop.ledger.sql import fetch
from leadloop.platform.contracts import Viewer

By = Literal["stage", "owner", "team", "grade", "interest", "programme", "source", "due_kind"]
_COLUMNS: dict[By, str] = {
    "stage": "stage",
    "owner": "owner_id",
    "team": "team_id",
    "grade": "grade",
    "interest": "interest_id",
    "programme": "programme_id",
    "source": "source_id",
    "due_kind": "due_kind",
}


def tabs(viewer: Viewer, now: datetime) -> dict[Tab, int]:
    """How many leads stand on each tab of the viewer's worklist. One query."""
    return ask(tabs_read(viewer, now))


def tabs_read(viewer: Viewer, now: datetime) -> Read[dict[Tab, int]]:
    """What `tabs` asks, to be asked together with others."""
    each = {tab: tab_condition(tab, now) for tab in Tab if tab is not Tab.DONE}
    done = tab_condition(Tab.DONE, now)
    return Read(
        f"""
        select {", ".join(f"count(*) filter (where {one.sql})" for one in each.values())},
               (select count(*) from leads_lead l where l.owner_id = %s and {done.sql})
          from leads_lead l where l.owner_id = %s and l.{OPEN}
        """,
        [*(value for one in each.values() for value in one.params), viewer.user_id, *done.params, viewer.user_id],
        lambda rows: dict(zip([*each, Tab.DONE], rows[0], strict=True)),
    )


def counts(viewer: Viewer, *, by: By) -> dict[Any, int]:
    """How many leads the viewer sees per stage, owner, …: of all stages when by stage, else of open ones. One query."""
    reach = visible_to(viewer)
    which = "true" if by == "stage" else f"l.{OPEN}"
    found = fetch(
        f"select l.{_COLUMNS[by]}, count(*) from leads_lead l where {which} and {reach.sql} group by 1",
        reach.params,
    )
    return dict(found)


def tally(
    viewer: Viewer, named: Mapping[str, Mapping[str, Any]], *, now: datetime, by: Literal["owner"] | None = None
) -> dict[int | None, dict[str, int]]:
    """How many leads each of these filters (see `filters.conditions`) lets through for the viewer, by owner.

    Without `by` everything stands under None. One query, however many filters.
    """
    each = {name: conditions(filters, now) for name, filters in named.items()}
    reach = visible_to(viewer)
    wanted = [" and ".join(one.sql for one in found) or "true" for found in each.values()]
    params = [value for found in each.values() for one in found for value in one.params]
    rows = fetch(
        f"""
        select {f"l.{by}_id" if by else "null::bigint"}, {", ".join(f"count(*) filter (where {sql})" for sql in wanted)}
          from leads_lead l where {reach.sql} and ({" or ".join(f"({sql})" for sql in wanted)}) group by 1
        """,
        [*params, *reach.params, *params],
    )
    counted = {row[0]: dict(zip(each, row[1:], strict=True)) for row in rows}
    return counted if by else {None: counted.get(None, dict.fromkeys(each, 0))}


def open_count_by_owner(user_ids: Collection[int]) -> dict[int, int]:
    """How many open leads each of these users answers for, 0 included. One query."""
    found = fetch(
        f"select l.owner_id, count(*) from leads_lead l where l.owner_id = any(%s::bigint[]) and l.{OPEN} group by 1",
        [list(user_ids)],
    )
    return {**dict.fromkeys(user_ids, 0), **dict(found)}
