"""Who was asked by mail to confirm a consent, because of what came through one portal."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from leadloop.capture.contracts import PortalRow
from leadloop.front.access import needs, viewer_of
from leadloop.front.asking import number
from leadloop.front.capture.portals_page import find
from leadloop.front.cells import cell, heads
from leadloop.kernel import clock
from leadloop.loop import commands
from leadloop.loop.pursuing import source_of
from leadloop.people.contracts import Asked, ConfirmationRow
from leadloop.people.queries import confirmation_counts, confirmations_for, people
from leadloop.platform.contracts import Viewer
from leadloop.platform.roles import Capability as Can

PAGE = 50
HEADS = heads("Person", ("Asked", "moment"), "How it stands", ("Confirmed", "moment"), "Words")
STATES = {Asked.WAITING: "Not confirmed yet", Asked.CONFIRMED: "Confirmed", Asked.EXPIRED: "Expired"}


@require_GET
@needs(Can.PORTALS)
def consents(request: HttpRequest, portal_id: int) -> HttpResponse:
    """Everybody who was asked, or those of one state, newest first."""
    portal, viewer, now = find(portal_id), viewer_of(request), clock.now()
    asked = request.GET.get("state", "")
    state = Asked(asked) if asked in set(Asked) else None
    before = number(request.GET.get("before"))
    rows = confirmations_for(source_of(portal.id), state, now=now, before=before, limit=PAGE + 1)
    shown, more = rows[:PAGE], len(rows) > PAGE
    narrowed = f"state={state}&" if state else ""
    context = {
        "portal": portal,
        "tabs": _tabs(portal, state, now),
        "table": _table(viewer, shown, now),
        "next_url": f"/portals/{portal.id}/consents?{narrowed}before={shown[-1].id}" if more else "",
        "page": "portals",
    }
    return render(request, "capture/consents.html", context)


def confirming(portal: PortalRow, now: datetime) -> dict[str, Any]:
    """How the consents asked by mail stand, for the portal's page. One query, none where it asks none."""
    if not portal.double_opt_in:
        return {"confirming": []}
    counted = confirmation_counts(source_of(portal.id), now=now)
    return {
        "confirming": [
            {"term": STATES[state], "value": f"{count:,}", "url": f"/portals/{portal.id}/consents?state={state}"}
            for state, count in counted.items()
        ]
    }


def _tabs(portal: PortalRow, chosen: Asked | None, now: datetime) -> list[dict[str, Any]]:
    counted, address = confirmation_counts(source_of(portal.id), now=now), f"/portals/{portal.id}/consents"
    every = {"label": "All", "url": address, "count": sum(counted.values()), "current": chosen is None}
    return [
        every,
        *(
            {"label": STATES[state], "url": f"{address}?state={state}", "count": count, "current": state is chosen}
            for state, count in counted.items()
        ),
    ]


def _table(viewer: Viewer, rows: list[ConfirmationRow], now: datetime) -> dict[str, Any]:
    known = people({row.person_id for row in rows})
    seen = commands.seen_among(viewer, list(known)) if viewer.may(Can.PEOPLE, "see") else set()

    def line(row: ConfirmationRow) -> dict[str, Any]:
        may_see = row.person_id in seen
        name = known[row.person_id].name if may_see else "Somebody of another team"
        when, done = cell(row.asked_at, viewer.zone), cell(row.confirmed_at, viewer.zone)
        return {
            "url": f"/persons/{row.person_id}" if may_see else "",
            "cells": [name, when, STATES[row.state(now)], done, row.wording],
        }

    return {
        "caption": "Consents asked by mail",
        "columns": HEADS,
        "rows": [line(row) for row in rows],
        "total": len(rows),
        "empty": "Nobody of this kind.",
    }
