"""What this room holds that is personal: match keys, who they look like, and the rows kept in merge journals."""

from __future__ import annotations

from typing import Any

from leadloop.ledger.sql import fetch
from leadloop.people.stores import Cursor, register_store

_KEYS = "delete from identity_matchkey where person_id = any(%s)"
_BLOCKS = "delete from identity_nearkey where person_id = any(%s)"
_SUGGESTIONS = "delete from identity_suggestion where low_id = any(%s) or high_id = any(%s)"
_SCRUB = """
update identity_mergejournal set moved = '{}', erased_at = now()
 where (survivor_id = any(%s) or loser_id = any(%s)) and erased_at is null
"""
_COMPANY_MERGES = """
update identity_companymerge m
   set moved = jsonb_set(jsonb_set(jsonb_set(moved,
           '{held,survivor,positions}', {survivor}), '{held,loser,positions}', {loser}), '{bettered}',
           (select coalesce(jsonb_agg(b), '[]') from jsonb_array_elements(moved -> 'bettered') b
             where not b -> 'id' in (select e -> 'id' from jsonb_array_elements(moved #> '{held,survivor,positions}') e
                                      where (e ->> 'person_id')::bigint = any(%s))))
 where exists (select from jsonb_array_elements((moved #> '{held,survivor,positions}')
                                                || (moved #> '{held,loser,positions}')) e
                where (e ->> 'person_id')::bigint = any(%s))
"""
_OTHERS = """(select coalesce(jsonb_agg(e), '[]') from jsonb_array_elements(moved #> '{held,WHO,positions}') e
               where not (e ->> 'person_id')::bigint = any(%s))"""
for _who in ("survivor", "loser"):
    _COMPANY_MERGES = _COMPANY_MERGES.replace(f"{{{_who}}}", _OTHERS.replace("WHO", _who))
_EXPORT = """
select to_jsonb(t) from identity_matchkey t where person_id = any(%s)
 union all
select to_jsonb(s) from identity_suggestion s where low_id = any(%s) or high_id = any(%s)
"""


def erase(cursor: Cursor, person_ids: list[int]) -> int:
    """Delete keys and suggestions and empty the journals; who was merged into whom stays, as ids."""
    touched = 0
    for statement in (_KEYS, _BLOCKS, _SUGGESTIONS, _SCRUB, _COMPANY_MERGES):
        cursor.execute(statement, [person_ids] * statement.count("%s"))
        touched += cursor.rowcount
    return touched


def export(person_ids: list[int]) -> list[dict[str, Any]]:
    """Return the keys under which these persons are recognised, and whom somebody or something took them for."""
    return [row for (row,) in fetch(_EXPORT, [person_ids] * 3)]


register_store("identity", erase, export, says="keys by which they are recognised, and records that look like theirs")
