"""What the pages of batches show."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from leadloop.capture.contracts import PortalKind
from leadloop.capture.papers import BatchRow, PaperRowRow
from leadloop.capture.parse.fields import Field, label
from leadloop.capture.queries import batches, paper_rows, portals
from leadloop.front.cells import cell, heads, words
from leadloop.front.templatetags.ui import local
from leadloop.kernel.clock import time_zone
from leadloop.kernel.errors import NotFound
from leadloop.ledger.contracts import by_user, user_of
from leadloop.platform.contracts import Viewer
from leadloop.platform.queries import names
from leadloop.platform.roles import Capability, Scope
from leadloop.programmes.queries import programmes

FORM = (Field.FULL_NAME, Field.COMPANY, Field.TITLE, Field.EMAIL, Field.PHONE, Field.CITY, Field.MESSAGE)
HEADS = heads("Batch", "Programme", ("Expected", "number"), ("Entered", "number"), ("Balance", "number"), "State")


def visible(viewer: Viewer) -> list[BatchRow]:
    """The batches that the viewer may see, newest first. One query."""
    if viewer.scope(Capability.IMPORTS, "see") is Scope.ALL:
        return batches()
    return [one for one in batches(limit=500) if one.opened_by == by_user(viewer.user_id)]


def find_batch(viewer: Viewer, batch_id: int) -> BatchRow:
    """One batch that the viewer may see; NotFound for any other."""
    found = batches([batch_id])
    is_mine = bool(found) and found[0].opened_by == by_user(viewer.user_id)
    if not found or (viewer.scope(Capability.IMPORTS, "see") is not Scope.ALL and not is_mine):
        raise NotFound("There is no such batch", mend="Choose one from the list of batches")
    return found[0]


def batches_page(viewer: Viewer, asked: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """Everything the list needs, and what was asked for a new one."""
    found, tree = visible(viewer), programmes()
    return {
        "may_edit": viewer.may(Capability.IMPORTS, "edit"),
        "asked": {"happened_on": now.astimezone(time_zone(viewer.zone)).date().isoformat(), **asked},
        "portals": [one for one in portals().values() if one.kind is PortalKind.STAFF and one.is_on],
        "programmes": tree.values(),
        "table": {
            "caption": "Batches",
            "columns": HEADS,
            "total": len(found),
            "rows": [
                {
                    "url": f"/batches/{one.id}",
                    "cells": [
                        one.name,
                        tree[one.programme_id].name if one.programme_id in tree else "",
                        *map(cell, (one.expected, one.entered, one.missing)),
                        "Released" if one.released_at else "Open",
                    ],
                }
                for one in found
            ],
        },
    }


def batch_page(viewer: Viewer, batch: BatchRow, asked: Mapping[str, str], again: int | None) -> dict[str, Any]:
    """One batch. `again` is the number of the row that is entered once more, `asked` what was entered and refused."""
    rows, tree = paper_rows(batch.id), programmes()
    row = next((one for one in rows if one.number == again and not one.checked), None) if batch.twice else None
    is_open = batch.released_at is None and viewer.may(Capability.IMPORTS, "edit")
    return {
        "batch": batch,
        "is_open": is_open,
        "needs_reason": bool(batch.missing or batch.unchecked),
        "pairs": _pairs(viewer, batch, tree[batch.programme_id].name if batch.programme_id in tree else ""),
        "stats": [
            {"label": "Expected", "shown": f"{batch.expected:,}"},
            {"label": "Entered", "shown": f"{batch.entered:,}"},
            {"label": "Balance", "shown": f"{batch.missing:,}"},
            *([{"label": "Entered twice alike", "shown": f"{batch.checked:,}"}] if batch.twice else []),
            *([{"label": "Differ", "shown": f"{batch.differing:,}"}] if batch.differing else []),
        ],
        "row": row,
        "form": [_input(field, row, asked) for field in FORM],
        "rows": [] if batch.released_at else [_line(one, batch) for one in rows],
    }


def _pairs(viewer: Viewer, batch: BatchRow, programme: str) -> list[dict[str, str]]:
    staff = names({one for one in (user_of(batch.opened_by), user_of(batch.released_by)) if one})
    pairs = (
        ("Portal", portals()[batch.portal_id].name),
        ("Programme", programme),
        ("Key code", batch.key_code),
        ("Filled in on", words(batch.happened_on, viewer.zone)),
        ("Opened by", staff.get(user_of(batch.opened_by) or 0, "")),
        ("Entered", "twice, and compared" if batch.twice else "once"),
        ("Released", local(batch.released_at, viewer.zone)),
        ("Released by", staff.get(user_of(batch.released_by) or 0, "")),
        ("Though the count differs", batch.reason),
    )
    return [{"term": term, "value": value} for term, value in pairs if value]


def _input(field: Field, row: PaperRowRow | None, asked: Mapping[str, str]) -> dict[str, Any]:
    """One input of the quick form. Of two entries, what agrees stands there, and where they differ both are shown."""
    both = agreed = ""
    if row is not None and row.again is not None:
        one, other = row.texts.get(field, ""), row.again.get(field, "")
        both, agreed = ("", one) if one == other else (f"first “{one}”, then “{other}”", "")
    return {
        "name": str(field),
        "label": label(field),
        "value": asked.get(field, agreed),
        "both": both,
        "kind": {Field.EMAIL: "email", Field.PHONE: "tel"}.get(field, "text"),
    }


def _line(one: PaperRowRow, batch: BatchRow) -> dict[str, Any]:
    state = "Differs" if one.again is not None else "Alike" if one.checked else "Once"
    return {
        "number": one.number,
        "says": " · ".join(one.texts.values())[:160],
        "state": state if batch.twice else "",
        "again": f"/batches/{batch.id}?row={one.number}#entry" if batch.twice and not one.checked else "",
    }
