"""What commands keep to be taken back: their words may name a deal or its person, so they go with whoever is erased."""

from __future__ import annotations

from leadloop.people.services import register_store
from leadloop.people.stores import Cursor

_UNDO = """
delete from loop_undo u
 where exists (select 1 from jsonb_array_elements(u.inverse -> 'leads') step
                 join leads_facet_lead l on l.lead_id = (step ->> 'lead_id')::bigint
                where l.person_id = any(%s))
"""


def erase(cursor: Cursor, person_ids: list[int]) -> int:
    """Forget the steps: what was done to the pursuits of somebody who is erased can't be taken back."""
    cursor.execute(_UNDO, [person_ids])
    return cursor.rowcount


register_store("undo", erase, says="ways back of what was done")
