"""The personal data that selling holds: what people wrote about somebody in notes, next steps and names of deals."""

from __future__ import annotations

from typing import Any

from leadloop.people.services import register_store
from leadloop.people.stores import Cursor
from leadloop.selling.sql import fetch

_ACTIVITIES = """
update selling_activity set note = '', next_step = '', step_before = null
 where person_id = any(%s) and (note <> '' or next_step <> '' or step_before is not null)
"""
_DEALS = """
update selling_opportunity set name = 'Deal ' || id, next_step = ''
 where person_id = any(%s) and (next_step <> '' or name <> 'Deal ' || id)
"""


def erase(cursor: Cursor, person_ids: list[int]) -> int:
    """Empty the texts; what was done, when and with which outcome stays, for it is counted."""
    touched = 0
    for statement in (_ACTIVITIES, _DEALS):
        cursor.execute(statement, [person_ids])
        touched += cursor.rowcount
    return touched


def export(person_ids: list[int]) -> list[dict[str, Any]]:
    """What is held about these persons, oldest first."""
    done = fetch(
        """
        select kind, outcome, note, next_step, happened_at from selling_activity
         where person_id = any(%s) and undone_at is null order by happened_at, id
        """,
        [person_ids],
    )
    deals = fetch(
        "select name, state, next_step, opened_at from selling_opportunity where person_id = any(%s) order by id",
        [person_ids],
    )
    return [
        *(
            {"activity": kind, "outcome": outcome, "note": note, "next_step": step, "at": at.isoformat()}
            for kind, outcome, note, step, at in done
        ),
        *({"deal": name, "state": state, "next_step": step, "at": at.isoformat()} for name, state, step, at in deals),
    ]


register_store("selling", erase, export, says="calls, mails, meetings and deals, with notes and next steps")
