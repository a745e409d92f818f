"""What was decided about who somebody is."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from leadloop.identity.contracts import DecisionRow, History, MergeRow
from leadloop.identity.queries.aliases import known_as, survivors
from leadloop.ledger.sql import fetch

_DECISIONS = """
select inquiry_id, person_id, outcome, keys, reasons, at from identity_matchdecision
 where {column} = any(%s) order by at desc, id desc limit %s
"""
_MERGES = """
select id, survivor_id, loser_id, reasons, actor, at, undone_at, erased_at from identity_mergejournal
 where survivor_id = any(%s) or loser_id = any(%s) order by id desc
"""
_NEVER = """
select low_id, high_id from identity_nevermerge where low_id = any(%s) or high_id = any(%s)
"""
_APART = """
with known as (select id, id as survivor_id from unnest(%s::bigint[]) as id
                union all
               select old_id, survivor_id from identity_alias where survivor_id = any(%s))
select l.survivor_id, h.survivor_id
  from known l join identity_nevermerge n on n.low_id = l.id join known h on h.id = n.high_id
 where l.survivor_id <> h.survivor_id
"""


def history(person_id: int, limit: int = 200) -> History:
    """Decisions, merges and "never the same" of a person under all their ids, the newest first. Six queries."""
    ids = known_as([person_id])[person_id]
    pairs = fetch(_NEVER, [ids, ids])
    apart = survivors({other for pair in pairs for other in pair if other not in ids})
    return History(
        survivor_id=survivors([person_id])[person_id],
        known_as=tuple(ids),
        decisions=[_decision(*row) for row in fetch(_DECISIONS.format(column="person_id"), [ids, limit])],
        merges=[_merge(*row) for row in fetch(_MERGES, [ids, ids])],
        never_with=tuple(sorted(set(apart.values()))),
    )


def decisions(inquiry_ids: list[int]) -> dict[int, DecisionRow]:
    """The decision by inquiry; the latest where an inquiry was processed again. One query."""
    found = fetch(_DECISIONS.format(column="inquiry_id"), [inquiry_ids, None])
    return {row[0]: _decision(*row) for row in reversed(found)}


def said_apart(one_ids: list[int], other_ids: list[int]) -> bool:
    """Whether somebody said of any id of the one and any of the other that they are not the same. One query."""
    ids = [*one_ids, *other_ids]
    pairs = fetch(_NEVER, [ids, ids])
    return any((low in one_ids and high in other_ids) or (low in other_ids and high in one_ids) for low, high in pairs)


def pairs_apart(ids: Collection[int]) -> set[tuple[int, int]]:
    """Of persons who stand for themselves, those pairs of whom somebody said, by any id, that they are not the same.

    The lower id comes first. One query.
    """
    asked = list(ids)
    found = fetch(_APART, [asked, asked])
    return {(min(pair), max(pair)) for pair in found}


def _decision(inquiry_id: int, person_id: int, outcome: str, keys: str, reasons: Any, at: datetime) -> DecisionRow:
    kinds = tuple(keys.split(",")) if keys else ()
    return DecisionRow(inquiry_id, person_id, outcome, kinds, reasons, at)


def _merge(merge_id: int, survivor_id: int, loser_id: int, reasons: Any, *rest: Any) -> MergeRow:
    return MergeRow(merge_id, survivor_id, loser_id, reasons, *rest)
