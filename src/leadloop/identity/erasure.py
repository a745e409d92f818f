"""What this room holds that is personal: match keys, and the rows kept in merge journals."""

from __future__ import annotations

from typing import Any

from leadloop.ledger.sql import fetch
from leadloop.people.stores import Cursor, register_store

_SCRUB = """
update identity_mergejournal set moved = '{}', erased_at = now()
 where (survivor_id = any(%s) or loser_id = any(%s)) and erased_at is null
"""
_EXPORT = "select to_jsonb(t) from identity_matchkey t where person_id = any(%s) order by id"


def erase(cursor: Cursor, person_ids: list[int]) -> int:
    """Delete the keys and empty the journals; who was merged into whom stays, as ids."""
    cursor.execute("delete from identity_matchkey where person_id = any(%s)", [person_ids])
    touched = cursor.rowcount
    cursor.execute(_SCRUB, [person_ids, person_ids])
    return touched + cursor.rowcount


def export(person_ids: list[int]) -> list[dict[str, Any]]:
    """Return the keys under which these persons are recognised."""
    return [row for (row,) in fetch(_EXPORT, [person_ids])]


register_store("identity", erase, export, says="keys by which they are recognised")
