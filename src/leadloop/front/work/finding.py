"""Finding leads by what people remember of a person or firm."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from leadloop.leads.queries import listing
from leadloop.people.queries import people, search
from leadloop.platform.contracts import Viewer

HITS = 8
CANDIDATES = 200


def find(viewer: Viewer, text: str, *, now: datetime) -> list[dict[str, Any]]:
    """At most eight leads that the viewer may see, for the palette. Three queries."""
    wanted = text.strip()
    if len(wanted) < 2:
        return []
    person_ids = [person.id for person in search(wanted, limit=CANDIDATES)]
    if not person_ids:
        return []
    found = listing(viewer, filters={"person": person_ids}, limit=HITS, now=now)
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
