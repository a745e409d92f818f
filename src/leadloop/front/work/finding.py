"""Finding leads and companies by what people remember of a person or firm."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from leadloop.leads.queries import listing
from leadloop.people.queries import people, search
from leadloop.platform.contracts import Viewer
from leadloop.selling.contracts import AccountSort
from leadloop.selling.queries import accounts

HITS = 8
FIRMS = 4
CANDIDATES = 200


def find(viewer: Viewer, text: str, *, now: datetime) -> list[dict[str, Any]]:
    """At most eight leads and four companies that the viewer may see, for the palette. At most six queries."""
    wanted = text.strip()
    if len(wanted) < 2:
        return []
    return [*_leads(viewer, wanted, now), *_firms(viewer, wanted)]


def _leads(viewer: Viewer, wanted: str, now: datetime) -> list[dict[str, Any]]:
    person_ids = [person.id for person in search(wanted, limit=CANDIDATES)]
    if not person_ids:
        return []
    found = listing(viewer, filters={"person": person_ids}, limit=HITS, now=now, counted=False)
    persons = people({row.person_id for row in found.rows})
    return [
        {
            "icon": "user",
            "label": persons[row.person_id].name,
            "hint": persons[row.person_id].company_name or str(row.stage),
            "url": f"/leads/{row.id}",
        }
        for row in found.rows
    ]


def _firms(viewer: Viewer, wanted: str) -> list[dict[str, Any]]:
    found = accounts(viewer, filters={"q": wanted}, sort=AccountSort.NEWEST, limit=FIRMS, counted=False)
    return [
        {
            "icon": "building",
            "label": row.name,
            "hint": ", ".join(part for part in (row.city, row.country) if part) or "Company",
            "url": f"/companies/{row.id}",
        }
        for row in found.rows
    ]
