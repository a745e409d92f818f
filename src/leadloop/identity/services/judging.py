"""Somebody decides about persons who look alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from leadloop.identity.contracts import Verdict
from leadloop.identity.facts import PairJudged
from leadloop.kernel.errors import Invalid
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.ledger.sql import columns, fetch, run
from leadloop.people.services import hold

_SAYABLE = (Verdict.NEVER, Verdict.RELATED, Verdict.DISMISSED)
_PAIRS = "select low_id, high_id from identity_suggestion where id = any(%s)"
_LOCK = """
select id, low_id, high_id, state from identity_suggestion
 where id = any(%s) and state {held} order by id for update
"""
_DECIDE = "update identity_suggestion set state = %s, decided_by = %s, decided_at = %s where id = any(%s)"
_REOPEN = "update identity_suggestion set state = 'open', decided_by = '', decided_at = null where id = any(%s)"
_APART = """
insert into identity_nevermerge (low_id, high_id, actor, at)
select low_id, high_id, %s, %s from unnest(%s::bigint[], %s::bigint[]) as n (low_id, high_id)
 order by low_id, high_id
    on conflict (low_id, high_id) do nothing
"""
_TOGETHER = """
delete from identity_nevermerge n using unnest(%s::bigint[], %s::bigint[]) as p (low_id, high_id)
 where n.low_id = p.low_id and n.high_id = p.high_id
"""
_Held = list[tuple[int, int, int, str]]  # id, the two persons, state


def decide_suggestions(
    suggestion_ids: Sequence[int], *, verdict: Verdict, actor: Actor, now: datetime
) -> dict[int, tuple[int, int]]:
    """Say of open suggestions that the two are never the same, related, or nothing at all; return those it holds for.

    The answer is the persons by suggestion. What somebody else has decided meanwhile, also by merging, is left out.
    "Never" keeps them from being merged from now on. To merge them is `merge`, which settles the suggestion too.
    Raises Invalid for a verdict that can't be said. A constant number of statements.
    """
    if verdict not in _SAYABLE:
        raise Invalid("That can't be said of two records", field="verdict", mend=f"Say {', '.join(_SAYABLE)}")
    with transaction.atomic():
        held = _locked(suggestion_ids, "= 'open'")
        ids = [one for one, *_ in held]
        if ids:
            run(_DECIDE, [str(verdict), actor, now, ids])
        if ids and verdict is Verdict.NEVER:
            run(_APART, [actor, now, *columns((low, high) for _, low, high, _ in held)])
        _record(held, verdict, actor=actor, now=now)
        return {one: (low, high) for one, low, high, _ in held}


def reopen_suggestions(suggestion_ids: Sequence[int], *, actor: Actor, now: datetime) -> list[int]:
    """Take decisions back, "never the same" too, and return the suggestions that wait again; merged ones do not."""
    if not suggestion_ids:
        return []
    with transaction.atomic():
        held = _locked(suggestion_ids, "not in ('open', 'merged')")
        ids = [one for one, *_ in held]
        apart = [(low, high) for _, low, high, state in held if state == Verdict.NEVER]
        if ids:
            run(_REOPEN, [ids])
        if apart:
            run(_TOGETHER, columns(apart))
        _record(held, Verdict.OPEN, actor=actor, now=now)
        return ids


def _locked(suggestion_ids: Sequence[int], held: str) -> _Held:
    """Lock suggestions in this state, and before them their persons, so that no merge comes between."""
    ids = list(suggestion_ids)
    hold(sorted({person_id for pair in fetch(_PAIRS, [ids]) for person_id in pair}))
    return fetch(_LOCK.format(held=held), [ids])


def _record(held: _Held, verdict: Verdict, *, actor: Actor, now: datetime) -> None:
    facts = [
        PairJudged(happened_at=now, person_id=low, other_id=high, verdict=str(verdict)) for _, low, high, _ in held
    ]
    record(facts, actor=actor)
