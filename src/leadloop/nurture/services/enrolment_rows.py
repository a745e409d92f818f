"""The statements behind going on: claim what is due, write where it stands. Callers are inside a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from leadloop.nurture.sql import columns, fetch, run


class Due(NamedTuple):
    """An enrolment whose time has come, locked. `journey` is key@version, `name` what people call it."""

    id: int
    journey_id: int
    lead_id: int
    node: str
    journey: str
    name: str


class Standing(NamedTuple):
    """Where an enrolment stands afterwards; `steps` more were done."""

    id: int
    node: str
    state: str
    due_at: datetime | None
    left_at: datetime | None
    reason: str
    steps: int


_CLAIM = """
select e.id, e.journey_id, e.lead_id, e.node, j.key || '@' || j.version, j.name
  from nurture_enrolment e join nurture_journey j on j.id = e.journey_id
 where e.state = 'waiting' and e.due_at <= %s
 order by e.due_at, e.id limit %s
   for no key update of e skip locked
"""
_WRITE = """
update nurture_enrolment e
   set node = n.node, state = n.state, due_at = n.due_at, left_at = n.left_at, reason = n.reason,
       steps = e.steps + n.steps
  from unnest(%s::bigint[], %s::text[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::text[], %s::int[])
       as n (id, node, state, due_at, left_at, reason, steps)
 where e.id = n.id
"""


def claim(limit: int, now: datetime) -> list[Due]:
    """Lock what is due, the longest due first, passing over what another process has. One query."""
    return [Due(*values) for values in fetch(_CLAIM, [now, limit])]


def write(standing: Sequence[Standing]) -> None:
    """Write where enrolments stand. One query."""
    run(_WRITE, columns(standing))
