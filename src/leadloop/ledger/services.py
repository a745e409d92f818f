"""Writing facts: in the caller's transaction, all of a batch in one statement."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from operator import attrgetter
from typing import Any

import orjson

from leadloop.ledger.contracts import Actor, Lane
from leadloop.ledger.copying import copy
from leadloop.ledger.facts import COLUMNS, Fact, payload_fields
from leadloop.ledger.sql import run

_LANE: ContextVar[Lane] = ContextVar("lane", default=Lane.LIVE)

_TYPES = {
    "person_id": "bigint",
    "company_id": "bigint",
    "lead_id": "bigint",
    "opportunity_id": "bigint",
    "programme_id": "bigint",
    "reason": "text",
    "agreement_version": "int",
    "amount": "bigint",
    "currency": "text",
    "base_amount": "bigint",
    "dedupe_key": "text",
}
_VALUES = attrgetter("kind", "happened_at", *COLUMNS)

_COPIED = ("payload", "kind", "happened_at", *COLUMNS, "actor", "lane", "cause_id")

_APPEND_ONCE = f"""
insert into ledger_event (kind, happened_at, {", ".join(COLUMNS)}, payload, actor, lane, cause_id)
select kind, happened_at, {", ".join(COLUMNS)}, payload::jsonb, %s, %s, %s
  from unnest(%s::text[], %s::timestamptz[], {", ".join(f"%s::{_TYPES[c]}[]" for c in COLUMNS)}, %s::text[])
       with ordinality as f (kind, happened_at, {", ".join(COLUMNS)}, payload, place)
 order by place
    on conflict (dedupe_key) where dedupe_key is not null do nothing
"""


@contextmanager
def lane(which: Lane) -> Iterator[None]:
    """Facts recorded inside travel on this lane."""
    token = _LANE.set(which)
    try:
        yield
    finally:
        _LANE.reset(token)


def current_lane() -> Lane:
    """The lane facts would be recorded on now."""
    return _LANE.get()


def record(facts: Sequence[Fact], *, actor: Actor, cause_id: int | None = None) -> None:
    """Append the facts in their order; one whose `dedupe_key` stands on the ledger already is left out."""
    if any(fact.dedupe_key is not None for fact in facts):
        columns = [list(column) for column in zip(*map(_VALUES, facts), strict=True)]
        run(_APPEND_ONCE, [actor, int(_LANE.get()), cause_id, *columns, [_payload(fact) for fact in facts]])
    else:
        sent = (actor, int(_LANE.get()), cause_id)
        copy("ledger_event", _COPIED, ((_payload(fact), *_VALUES(fact), *sent) for fact in facts))


def _payload(fact: Fact) -> str | None:
    names, values = _payload_of(fact.kind)
    if not names:
        return None
    return orjson.dumps(dict(zip(names, values(fact), strict=True))).decode()


@cache
def _payload_of(kind: str) -> tuple[tuple[str, ...], Callable[[Fact], tuple[Any, ...]]]:
    """The names of a kind's own fields, and what reads their values from a fact, at once."""
    names = payload_fields(kind)
    if len(names) == 1:
        return names, lambda fact: (getattr(fact, names[0]),)
    return names, attrgetter(*names) if names else lambda _: ()
