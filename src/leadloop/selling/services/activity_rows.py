"""The statements that write activities, each for a whole batch. Callers hold the leads."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from leadloop.selling.sql import columns, fetch, run


class NewActivity(NamedTuple):
    """An activity to be written; its id is given by the database."""

    lead_id: int
    opportunity_id: int | None
    person_id: int
    user_id: int
    kind: str
    outcome: str
    contacted: bool
    note: str
    minutes: int | None
    next_step: str
    next_step_at: datetime | None
    happened_at: datetime


_TYPES = {
    "lead_id": "bigint",
    "opportunity_id": "bigint",
    "person_id": "bigint",
    "user_id": "bigint",
    "kind": "text",
    "outcome": "text",
    "contacted": "boolean",
    "note": "text",
    "minutes": "int",
    "next_step": "text",
    "next_step_at": "timestamptz",
    "happened_at": "timestamptz",
}
_NAMES = ", ".join(NewActivity._fields)
_INSERT = f"""
insert into selling_activity ({_NAMES})
select {_NAMES}
  from unnest({", ".join(f"%s::{_TYPES[name]}[]" for name in NewActivity._fields)})
       with ordinality as n ({_NAMES}, place)
 order by place
returning id
"""

# The deal's next step goes over into the activity before it is overwritten, so that undo can put it back.
_SET_STEPS = """
with last as materialized (
    select distinct on (opportunity_id) opportunity_id, id
      from unnest(%s::bigint[], %s::bigint[]) as n (id, opportunity_id) order by opportunity_id, id desc
), locked as materialized (
    select o.id, o.next_step, o.next_step_at, last.id as activity_id
      from selling_opportunity o join last on last.opportunity_id = o.id order by o.id for no key update of o
), told as (
    update selling_activity a set step_before = jsonb_build_array(k.next_step, k.next_step_at)
      from locked k where a.id = k.activity_id returning a.opportunity_id, a.next_step, a.next_step_at
)
update selling_opportunity o set next_step = t.next_step, next_step_at = t.next_step_at
  from told t where o.id = t.opportunity_id
"""


def insert(new: Sequence[NewActivity]) -> list[int]:
    """Write activities and return their ids in the same order. One query."""
    return sorted(i for (i,) in fetch(_INSERT, columns(new)))


def open_deals(lead_ids: Collection[int]) -> dict[int, int]:
    """The open deal that each lead's activities count for, the newest of several. One query."""
    found = fetch(
        """
        select distinct on (k.lead_id) k.lead_id, o.id
          from selling_opportunitylead k join selling_opportunity o on o.id = k.opportunity_id
         where k.lead_id = any(%s) and o.state = 'open' order by k.lead_id, o.id desc
        """,
        [list(lead_ids)],
    )
    return dict(found)


def set_steps(deals: Mapping[int, int | None]) -> None:
    """Give deals the next step of these activities, by activity; of several on one deal the last counts. One query."""
    named = [(i, deal) for i, deal in deals.items() if deal is not None]
    if named:
        run(_SET_STEPS, columns(named))
