"""The list of portals, and one portal."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings

from leadloop.capture.contracts import BalanceRow, PortalKind, PortalRow
from leadloop.capture.doors import HOOKS
from leadloop.capture.queries import balance, portals
from leadloop.front.capture.balance import DAYS, Days, chart, last_came, last_day, last_days
from leadloop.front.capture.words import KINDS
from leadloop.front.cells import cell, heads
from leadloop.kernel.errors import NotFound
from leadloop.platform.queries import company, names
from leadloop.programmes.queries import names as programme_names

HEADS = heads(
    "Portal", "For", "Owner", "Programme", ("Today", "number"), ("14 days", "number"), ("Quarantine", "number"),
    ("Last came in", "day"), "State",
)  # fmt: skip
EXAMPLE = '{"name": "Dana Ruiz", "email": "dana@example.com", "company": "Acme", "message": "Please call me"}'


def find(portal_id: int) -> PortalRow:
    """The portal of this id; NotFound when there is none."""
    found = portals().get(portal_id)
    if found is None:
        raise NotFound("There is no such portal", mend="Choose one from the list of portals")
    return found


def portals_page(now: datetime) -> dict[str, Any]:
    """Everything the list needs, in a constant number of queries."""
    days, known = last_days(now, company().zone), portals()
    rows = balance(first=days.first, last=days.last)
    staff = names({portal.owner_id for portal in known.values()})
    programmes = programme_names({portal.programme_id for portal in known.values() if portal.programme_id})
    return {
        **_sentence(rows, days),
        "balance": chart(rows, days),
        "table": {
            "caption": "Portals",
            "columns": HEADS,
            "total": len(known),
            "rows": [
                _row(portal, [row for row in rows if row.portal_id == portal.id], days, staff, programmes)
                for portal in known.values()
            ],
        },
    }


def _row(
    portal: PortalRow,
    rows: Sequence[BalanceRow],
    days: Days,
    staff: Mapping[int, str],
    programmes: Mapping[int, str],
) -> dict[str, Any]:
    return {
        "url": f"/portals/{portal.id}",
        "cells": [
            portal.name,
            KINDS[portal.kind],
            staff.get(portal.owner_id, ""),
            programmes.get(portal.programme_id or 0, "–"),
            cell(_today(rows, days.last)),
            cell(sum(row.received for row in rows)),
            cell(sum(row.held for row in rows)),
            cell(last_day(rows), text=last_came(rows, days)),
            "Open" if portal.is_on else "Closed",
        ],
    }


def _sentence(rows: Sequence[BalanceRow], days: Days) -> dict[str, Any]:
    today, held = _today(rows, days.last), sum(row.held for row in rows)
    cause = {"before": f"Everything of the last {DAYS} days could be read.", "url": "", "label": "", "after": ""}
    if held:
        waiting = _counted(held, "delivery waits", "deliveries wait")
        cause = {"before": f"{waiting} in", "url": "/quarantine", "label": "quarantine", "after": " to be looked at."}
    words = f"{_counted(today, 'inquiry', 'inquiries')} came in today." if today else "Nothing came in yet today."
    return {"words": words, "cause": cause}


def _today(rows: Sequence[BalanceRow], today: date) -> int:
    return sum(row.received for row in rows if row.day == today)


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def addresses(portal: PortalRow) -> dict[str, str]:
    """Where this portal takes deliveries, as an address and as a command to try; the hosted form's where it has one."""
    base = settings.PUBLIC_URL
    if portal.kind in (PortalKind.STAFF, PortalKind.MAIL):
        return {"post_url": "", "form_url": "", "command": ""}
    if portal.kind in HOOKS:
        return {"post_url": "", "form_url": "", "command": "", "hook_url": f"{base}/api/capture/{portal.key}"}
    is_public = portal.kind is PortalKind.BROWSER
    post_url = f"{base}/api/capture/{portal.slug if is_public else portal.key}"
    origin = portal.origins[0] if portal.origins else "https://www.example.com"
    shown = f"Origin: {origin}" if is_public else "Authorization: Bearer <the secret>"
    command = " \\\n  ".join(
        (
            f"curl -X POST {shlex.quote(post_url)}",
            f'-H "{shown}"',
            '-H "Content-Type: application/json"',
            '-H "Idempotency-Key: 4711"',
            f"-d '{EXAMPLE}'",
        )
    )
    return {"post_url": post_url, "form_url": f"{base}/f/{portal.slug}" if is_public else "", "command": command}
