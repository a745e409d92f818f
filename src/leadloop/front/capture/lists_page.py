"""What the pages of the block and allow lists show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from leadloop.capture.lists.contracts import EntryRow, HitRow
from leadloop.capture.lists.queries import entries, entry_count, hits, hits_of_run
from leadloop.capture.queries import portals
from leadloop.front.asking import number
from leadloop.front.capture.lists_form import KINDS
from leadloop.front.cells import cell, heads
from leadloop.front.templatetags.ui import local
from leadloop.ledger.contracts import Actor, user_of
from leadloop.platform.contracts import Viewer
from leadloop.platform.queries import names
from leadloop.platform.roles import Capability

PAGE = 50
HEADS = heads("Entry", "What it is", "For", "Why", "Put there", ("Caught", "number"))
CAUGHT = heads("Delivery", "Portal", ("Arrived", "moment"), "Then", "Now")
_STATES = {"quarantined": "In quarantine", "received": "Goes through", "new": "A lead", "joined": "Joined a lead"}


def list_page(viewer: Viewer, asked: Mapping[str, str], *, allows: bool) -> dict[str, Any]:
    """One side of the lists, narrowed as asked. Six queries."""
    portal_id, kind, text = number(asked.get("portal")), asked.get("kind", "")[:20], asked.get("q", "").strip()[:100]
    narrowing: dict[str, Any] = {"portal_id": portal_id, "kind": kind, "text": text}
    rows = entries(allows=allows, **narrowing, before=number(asked.get("before")), limit=PAGE + 1)
    shown, total = rows[:PAGE], entry_count(allows=allows, **narrowing)
    kept = {name: value for name, value in (("portal", portal_id), ("kind", kind), ("q", text)) if value}
    side = {"side": "allow"} if allows else {}
    more = f"/lists?{urlencode({**side, **kept, 'before': shown[-1].id})}" if len(rows) > PAGE else ""
    return {
        "allows": allows,
        "may_edit": viewer.may(Capability.QUARANTINE, "edit"),
        "tabs": [
            {"label": "Blocked", "url": "/lists", "count": None, "current": not allows},
            {"label": "Always let in", "url": "/lists?side=allow", "count": None, "current": allows},
        ],
        "portals": [{"id": i, "name": row.name, "chosen": i == portal_id} for i, row in portals().items()],
        "kinds": [{"key": str(key), "words": words, "chosen": key == kind} for key, words in KINDS.items()],
        "q": text,
        "narrowed": bool(kept),
        "total": total,
        "table": _table(viewer, shown, total),
        "next_url": more,
    }


def _table(viewer: Viewer, rows: Sequence[EntryRow], total: int) -> dict[str, Any]:
    known, staff = portals(), names({i for row in rows if (i := user_of(Actor(row.added_by)))})

    def line(row: EntryRow) -> dict[str, Any]:
        by = staff.get(user_of(Actor(row.added_by)) or 0, "the system")
        place = known[row.portal_id].name if row.portal_id in known else "Every portal"
        when = f"{by}, {local(row.added_at, viewer.zone)}"
        caught = cell(row.hits, value=row.hits, url=f"/lists/{row.id}")
        return {"url": f"/lists/{row.id}", "cells": [row.value, KINDS[row.kind], place, row.reason, when, caught]}

    empty = "Nothing stands here."
    return {
        "caption": "Entries",
        "columns": HEADS,
        "rows": [line(row) for row in rows],
        "total": total,
        "empty": empty,
    }


def entry_page(viewer: Viewer, row: EntryRow, before: int | None) -> dict[str, Any]:
    """One entry with what it caught."""
    found = hits(row.id, before=before, limit=PAGE + 1)
    known, staff = portals(), names({i for by in (row.added_by, row.removed_by) if (i := user_of(Actor(by)))})
    removed = f"{staff.get(user_of(Actor(row.removed_by)) or 0, '')} {local(row.removed_at, viewer.zone)}".strip()
    pairs = [
        ("What it is", KINDS[row.kind]),
        ("It", "lets in" if row.allows else "blocks"),
        ("For", known[row.portal_id].name if row.portal_id in known else "Every portal"),
        ("Why", row.reason),
        ("Put there by", staff.get(user_of(Actor(row.added_by)) or 0, "the system")),
        ("On", local(row.added_at, viewer.zone)),
        ("Taken off", removed if row.removed_at else ""),
    ]
    return {
        "title": row.value,
        "scope": "Allow list" if row.allows else "Block list",
        "definitions": [{"term": term, "value": value} for term, value in pairs if value],
        "remove_url": f"/lists/{row.id}/remove"
        if row.removed_at is None and viewer.may(Capability.QUARANTINE, "edit")
        else "",
        **_caught(viewer, found, f"/lists/{row.id}"),
    }


def flagged_page(viewer: Viewer, run_id: int, before: int | None) -> dict[str, Any]:
    """The rows of an import that a block list speaks of."""
    found = hits_of_run(run_id, before=before, limit=PAGE + 1)
    return {
        "title": f"Flagged rows of import {run_id}",
        "scope": "They came in: our own people brought them",
        **_caught(viewer, found, f"/lists/run/{run_id}"),
    }


def _caught(viewer: Viewer, rows: Sequence[HitRow], address: str) -> dict[str, Any]:
    known, shown = portals(), rows[:PAGE]

    def line(row: HitRow) -> dict[str, Any]:
        url = f"/quarantine/{row.submission_id}" if row.state == "quarantined" else ""
        if row.lead_id and viewer.may(Capability.LEADS, "see"):
            url = f"/leads/{row.lead_id}"
        return {
            "url": url,
            "cells": [
                f"Delivery {row.submission_id}",
                known[row.portal_id].name,
                cell(row.received_at, viewer.zone),
                "Held" if row.held else "Flagged",
                _STATES.get(row.state, "Not about buying"),
            ],
        }

    table = {"caption": "What it caught", "columns": CAUGHT, "rows": [line(row) for row in shown], "total": len(shown)}
    more = f"{address}?before={shown[-1].submission_id}" if len(rows) > PAGE else ""
    return {"table": {**table, "empty": "It has caught nothing yet."}, "next_url": more}
