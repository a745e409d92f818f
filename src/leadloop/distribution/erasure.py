"""The personal data of the room: what people wrote about somebody's lead in appeals and verdicts."""

from __future__ import annotations

from typing import Any

from leadloop.ledger.sql import fetch
from leadloop.people.services import register_store
from leadloop.people.stores import Cursor

_OF_PERSONS = """
assignment_id in (select a.id from distribution_assignment a join leads_facet_lead l on l.lead_id = a.lead_id
                   where l.person_id = any(%s::bigint[]))
"""
_ERASE = f"""
update distribution_appeal set text = '', note = '' where (text <> '' or note <> '') and {_OF_PERSONS}
"""
_EXPORT = f"select text, made_at, verdict, note from distribution_appeal where {_OF_PERSONS} order by id"


def erase(cursor: Cursor, person_ids: list[int]) -> int:
    """Empty the texts; that there was an appeal, and its verdict, stays on record."""
    cursor.execute(_ERASE, [person_ids])
    return cursor.rowcount


def export(person_ids: list[int]) -> list[dict[str, Any]]:
    """What is held about these persons, oldest first. One query."""
    return [
        {"appeal": text, "at": at.isoformat(), "verdict": verdict, "note": note}
        for text, at, verdict, note in fetch(_EXPORT, [person_ids])
    ]


register_store("appeals", erase, export, says="appeals against leads given back, and verdicts")
