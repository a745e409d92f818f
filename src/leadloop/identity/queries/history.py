"""What was decided about who somebody is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from leadloop.identity.contracts import DecisionRow, History, MergeRow
from leadloop.identity.queries.aliases import known_as, survivors
from leadloop.identity.rules.merging import may_merge
from leadloop.kernel.decision import Decision, Reason, because
from leadloop.kernel.errors import NotFound
from leadloop.ledger.reads import Read
from leadloop.ledger.sql import fetch
from leadloop.people.contracts import Standing
from leadloop.people.queries import people

_DECISIONS = """
select inquiry_id, person_id, outcome, keys, reasons, at from identity_matchdecision
 where {column} = any(%s) order by at desc, id desc limit %s
"""
_MERGE = """
select id, survivor_id, loser_id, reasons, actor, at, undone_at, erased_at from identity_mergejournal
"""
_MERGES = f"{_MERGE} where survivor_id = any(%s) or loser_id = any(%s) order by id desc"
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


def merge_row(journal_id: int) -> MergeRow | None:
    """One merge, None for an unknown one. One query."""
    found = fetch(f"{_MERGE} where id = %s", [journal_id])
    return _merge(*found[0]) if found else None


def decisions(inquiry_ids: list[int]) -> dict[int, DecisionRow]:
    """The decision by inquiry; the latest where an inquiry was processed again. One query."""
    found = fetch(_DECISIONS.format(column="inquiry_id"), [inquiry_ids, None])
    return {row[0]: _decision(*row) for row in reversed(found)}


def was_parted_read(person_ids: Sequence[int]) -> Read[bool]:
    """Whether a merge of these persons was taken back, to be asked together with others."""
    return Read(
        """
        select id from identity_mergejournal
         where (survivor_id = any(%s::bigint[]) or loser_id = any(%s::bigint[])) and undone_at is not null limit 1
        """,
        [list(person_ids), list(person_ids)],
        bool,
    )


def may_be_one(one_id: int, other_id: int) -> Decision[bool]:
    """Whether two persons may be merged, without locking them. Raises NotFound for an unknown one. Three queries."""
    rows, ids = people([one_id, other_id]), known_as([one_id, other_id])
    if one_id not in rows or other_id not in rows:
        raise NotFound("There is no such person.", field="person")
    standing = [Standing(row.id, row.id, row.erased, row.family) for row in (rows[one_id], rows[other_id])]
    if standing[0].id == standing[1].id:
        return because(False, Reason("one_already", "They are one person already"))  # noqa: FBT003 - an outcome
    return may_merge(*standing, said_apart=said_apart(ids[one_id], ids[other_id]))


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
