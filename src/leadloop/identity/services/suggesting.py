"""Two persons look alike: what somebody is to decide, kept until they do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from django.db import transaction

from leadloop.identity.contracts import Suggested
from leadloop.identity.queries.history import pairs_apart
from leadloop.identity.rules.following import TABLE, follow
from leadloop.ledger.contracts import Actor
from leadloop.ledger.sql import columns, fetch, run
from leadloop.people.contracts import RowChange, Standing
from leadloop.people.services import hold

Pair = tuple[int, int]  # the lower id first

_UPSERT = """
insert into identity_suggestion as s (low_id, high_id, weight, reasons, found_by, found_at)
select low_id, high_id, weight, reasons::jsonb, found_by, %s
  from unnest(%s::bigint[], %s::bigint[], %s::float8[], %s::text[], %s::text[])
       as n (low_id, high_id, weight, reasons, found_by)
 order by low_id, high_id
    on conflict (low_id, high_id) do update
   set weight = excluded.weight, reasons = excluded.reasons, found_by = excluded.found_by, found_at = excluded.found_at
 where s.state = 'open' and (s.weight, s.reasons) is distinct from (excluded.weight, excluded.reasons)
returning 1
"""
_OF_BOTH = """
select to_jsonb(s) from identity_suggestion s
 where low_id = any(%s) or high_id = any(%s) order by id for update
"""
_DELETE = "delete from identity_suggestion where id = any(%s)"
_INSERT = """
insert into identity_suggestion
select * from jsonb_populate_recordset(null::identity_suggestion, %s::text::jsonb)
    on conflict do nothing
"""


# What was decided of the survivor since stays; what stood in its place before finds it there.
_UNFOLLOW = """
delete from identity_suggestion s
 using jsonb_populate_recordset(null::identity_suggestion, %s::text::jsonb) as come
 where s.id = come.id and (s.low_id, s.high_id, s.state) = (come.low_id, come.high_id, come.state)
"""


def suggest(suggested: Sequence[Suggested], *, now: datetime) -> int:
    """Keep that these persons may be one, and return how many suggestions were written.

    Saying it again changes nothing but the weight of a suggestion that is still open; what was decided stays decided.
    Ids that were merged stand for their survivors. Passed over are the erased, those who are one person already, and
    those of whom somebody said that they are never the same. Four statements at most, however many there are.
    """
    if not suggested:
        return 0
    with transaction.atomic(savepoint=False):
        pairs = _standing(suggested)
        apart = pairs_apart({one for pair in pairs for one in pair}) if pairs else set()
        rows = [
            (*pair, one.weight, _reasons(one), str(one.found_by)) for pair, one in pairs.items() if pair not in apart
        ]
        return len(fetch(_UPSERT, [now, *columns(rows)])) if rows else 0


def _standing(suggested: Sequence[Suggested]) -> dict[Pair, Suggested]:
    """Hold the persons, and return the weightiest suggestion for every pair of those who are somebody."""
    asked = hold(sorted({person_id for one in suggested for person_id in (one.person_a, one.person_b)}))
    moved = sorted({one.survivor_id for one in asked.values()} - asked.keys())
    standing = asked | hold(moved)
    found: dict[Pair, Suggested] = {}
    for one in suggested:
        first, second = (_now(standing, person_id) for person_id in (one.person_a, one.person_b))
        if first is None or second is None or first == second:
            continue
        pair = (min(first, second), max(first, second))
        if pair not in found or found[pair].weight < one.weight:
            found[pair] = one
    return found


def _now(standing: Mapping[int, Standing], person_id: int) -> int | None:
    """Whom an id stands for; None for nobody any more."""
    asked = standing.get(person_id)
    survivor = standing.get(asked.survivor_id) if asked else None
    return survivor.id if survivor and survivor.is_whole else None


def _reasons(one: Suggested) -> str:
    return orjson.dumps([reason.as_json() for reason in one.reasons]).decode()


def follow_merge(*, into: int, out_of: int, actor: Actor, now: datetime) -> list[RowChange]:
    """Let suggestions follow a merge of these two, both locked; returns the changes for its journal."""
    both = [into, out_of]
    rows = [row for (row,) in fetch(_OF_BOTH, [both, both])]
    changes = follow(rows, into=into, out_of=out_of, actor=actor, at=now.isoformat())
    if changes:
        run(_DELETE, [[change.id for change in changes if change.new is None]])
        run(_INSERT, [orjson.dumps([change.new for change in changes if change.new is not None]).decode()])
    return changes


def unfollow_merge(journal: Sequence[Mapping[str, Any]]) -> None:
    """Let suggestions stand as before a merge, from its journal's rows. Two statements at most."""
    changes = [row for row in journal if row["table"] == TABLE]
    if changes:
        run(_UNFOLLOW, [orjson.dumps([row["new"] for row in changes if row["new"] is not None]).decode()])
        run(_INSERT, [orjson.dumps([row["old"] for row in changes if row["old"] is not None]).decode()])
