"""Who works here, as far as the viewer may see it."""

from __future__ import annotations

from typing import Any

from leadloop.front.cells import cell, heads
from leadloop.front.system.system_page import tabs
from leadloop.kernel.errors import NotFound
from leadloop.leads.queries import open_count_by_owner
from leadloop.loop.staff import belongings
from leadloop.platform.contracts import UserRow, Viewer
from leadloop.platform.queries import teams, users
from leadloop.platform.roles import ROLE_LABELS, Capability, Role, Scope

HEADS = heads("Name", "E-mail", "Roles", "Team", ("Open leads", "number"), "State")


def visible_users(viewer: Viewer) -> dict[int, UserRow]:
    """Everybody, or those of the viewer's own teams. One query."""
    everybody = users()
    if viewer.scope(Capability.USERS, "see") is Scope.ALL:
        return everybody
    return {k: row for k, row in everybody.items() if row.team_id in viewer.team_ids or k == viewer.user_id}


def find_user(viewer: Viewer, user_id: int) -> UserRow:
    """One of them; NotFound for any other."""
    found = visible_users(viewer).get(user_id)
    if found is None:
        raise NotFound("There is no such user", mend="Choose one from the list of users")
    return found


def users_page(viewer: Viewer) -> dict[str, Any]:
    """Everything the list needs. Three queries."""
    rows, groups = visible_users(viewer), teams()
    owned = open_count_by_owner(rows.keys())
    may_edit = viewer.may(Capability.USERS, "edit")
    return {
        "tabs": tabs(viewer, "users"),
        "may_edit": may_edit,
        "table": {
            "caption": "Users",
            "columns": HEADS,
            "total": len(rows),
            "rows": [
                {
                    "url": f"/system/users/{row.id}" if may_edit else "",
                    "cells": [
                        row.name,
                        row.email,
                        ", ".join(ROLE_LABELS[Role(role)] for role in row.roles),
                        groups[row.team_id].name if row.team_id else "–",
                        cell(owned[row.id]),
                        "Open" if row.is_active else "Closed",
                    ],
                }
                for row in rows.values()
            ],
        },
    }


def leaving(user: UserRow) -> dict[str, Any]:
    """What stands in somebody's name, and who could take it over."""
    owns = belongings(user.id)
    colleagues = {k: row.name for k, row in users(active=True).items() if k != user.id}
    return {
        "owns": [{"term": what[:1].upper() + what[1:], "value": f"{count:,}"} for what, count in owns.items()],
        "owns_any": any(owns.values()),
        "owns_clauses": bool(owns["clauses of the agreement"]),
        "colleagues": colleagues,
    }
