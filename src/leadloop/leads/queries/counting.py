"""Figures over leads for pages and for rooms."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Literal

from leadloop.leads.contracts import Tab
from leadloop.leads.queries.rows import OPEN
from leadloop.leads.queries.visibility import visible_to
from leadloop.leads.queries.worklist import tab_condition
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
    each = {tab: tab_condition(tab, now) for tab in Tab if tab is not Tab.DONE}
    done = tab_condition(Tab.DONE, now)
    counted = fetch(
        f"""
        select {", ".join(f"count(*) filter (where {one.sql})" for one in each.values())},
               (select count(*) from leads_lead l where l.owner_id = %s and {done.sql})
          from leads_lead l where l.owner_id = %s and l.{OPEN}
        """,
        [*(value for one in each.values() for value in one.params), viewer.user_id, *done.params, viewer.user_id],
    )[0]
    return dict(zip([*each, Tab.DONE], counted, strict=True))


def counts(viewer: Viewer, *, by: By) -> dict[Any, int]:
    """How many leads the viewer sees per stage, owner, …: of all stages when by stage, else of open ones. One query."""
    reach = visible_to(viewer)
    which = "true" if by == "stage" else f"l.{OPEN}"
    found = fetch(
        f"select l.{_COLUMNS[by]}, count(*) from leads_lead l where {which} and {reach.sql} group by 1",
        reach.params,
    )
    return dict(found)


def open_count_by_owner(user_ids: Collection[int]) -> dict[int, int]:
    """How many open leads each of these users answers for, 0 included. One query."""
    found = fetch(
        f"select l.owner_id, count(*) from leads_lead l where l.owner_id = any(%s::bigint[]) and l.{OPEN} group by 1",
        [list(user_ids)],
    )
    return {**dict.fromkeys(user_ids, 0), **dict(found)}
