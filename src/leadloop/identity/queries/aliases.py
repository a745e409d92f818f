"""Under which ids a person is known."""

from __future__ import annotations

from collections.abc import Collection

from leadloop.ledger.sql import fetch


def survivors(ids: Collection[int]) -> dict[int, int]:
    """For every id the one it stands for now: itself unless it was merged. One query."""
    merged = dict(fetch("select old_id, survivor_id from identity_alias where old_id = any(%s)", [list(ids)]))
    return {person_id: merged.get(person_id, person_id) for person_id in ids}


def known_as(ids: Collection[int]) -> dict[int, list[int]]:
    """For every id all ids of the same person, itself included, in ascending order. One query."""
    found = fetch(
        """
        with asked as (select id, coalesce(a.survivor_id, id) as survivor_id
                         from unnest(%s::bigint[]) as id left join identity_alias a on a.old_id = id)
        select asked.id, asked.survivor_id, array_remove(array_agg(a.old_id), null)
          from asked left join identity_alias a on a.survivor_id = asked.survivor_id
         group by asked.id, asked.survivor_id
        """,
        [list(ids)],
    )
    return {asked: sorted([survivor, *old]) for asked, survivor, old in found}
