"""What pursuits hold of a person beside codes: what somebody noted to do next, and the company's own fields."""

from __future__ import annotations

from typing import Any

from leadloop.ledger.sql import fetch
from leadloop.people.services import register_store
from leadloop.people.stores import Cursor

_NOTES = """
update leads_promise set note = ''
 where note <> '' and lead_id in (select id from leads_lead where person_id = any(%s))
"""
_FIELDS = "update leads_lead set attributes = '{}' where person_id = any(%s) and attributes <> '{}'"
_EXPORT = """
select jsonb_build_object('lead', l.id, 'stage', l.stage, 'opened_at', l.opened_at, 'closed_at', l.closed_at,
                          'fields', l.attributes, 'next_steps', array(
                              select p.note from leads_promise p
                               where p.lead_id = l.id and p.note <> '' order by p.id))
  from leads_lead l where l.person_id = any(%s::bigint[]) order by l.id
"""


def erase(cursor: Cursor, person_ids: list[int]) -> int:
    """Empty the words; that there was a pursuit, and how it went, stays, for it is counted."""
    touched = 0
    for statement in (_NOTES, _FIELDS):
        cursor.execute(statement, [person_ids])
        touched += cursor.rowcount
    return touched


def export(person_ids: list[int]) -> list[dict[str, Any]]:
    """The pursuits of these persons with what was noted to do next, JSON-ready, the oldest first. One query."""
    return [row for (row,) in fetch(_EXPORT, [person_ids])]


register_store("pursuits", erase, export, says="pursuits, with what was noted to do next")
