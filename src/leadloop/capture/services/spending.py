"""A solved riddle counts once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from leadloop.capture.contracts import Parsed, Unreadable
from leadloop.capture.rules import used_before
from leadloop.ledger.sql import columns, fetch, run

_SPEND = """
insert into capture_spentproof (digest, submission_id, at)
select w.*, %s from unnest(%s::text[], %s::bigint[]) as w on conflict (digest) do nothing
"""
_WHOSE = "select digest, submission_id from capture_spentproof where digest = any(%s)"


def spend(parsed: Sequence[Parsed], *, now: datetime) -> tuple[list[Parsed], list[Unreadable]]:
    """Let every solution count for the first delivery it came with; what brought one again is to be held.

    Two statements, none where no portal sets riddles.
    """
    proving = sorted((one for one in parsed if one.proof), key=lambda one: one.proof)
    if not proving:
        return list(parsed), []
    first = {one.proof: one.ref for one in sorted(proving, key=lambda one: -one.ref)}
    run(_SPEND, [now, *columns(sorted(first.items()))])
    whose = dict(fetch(_WHOSE, [sorted(first)]))
    again = {one.ref for one in proving if whose[one.proof] != one.ref}
    return [one for one in parsed if one.ref not in again], [used_before(p) for p in proving if p.ref in again]


def forget_spent(*, before: datetime) -> int:
    """Forget solutions that are too old to be taken anyway; return how many."""
    return run("delete from capture_spentproof where at < %s", [before])
