"""Taking a logged activity back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.selling.facts import ActivityUndone
from leadloop.selling.sql import fetch, run

_UNDO = """
with locked as materialized (
    select id from selling_activity where id = any(%s) and undone_at is null order by id for no key update
)
update selling_activity a set undone_at = %s from locked where a.id = locked.id
returning a.id, a.person_id, a.lead_id, a.opportunity_id
"""

# A next step that somebody has changed since stays as it is.
_PUT_BACK = """
with locked as materialized (
    select o.id, a.step_before
      from selling_activity a join selling_opportunity o on o.id = a.opportunity_id
     where a.id = any(%s) and a.step_before is not null and o.state = 'open'
       and (o.next_step, o.next_step_at) = (a.next_step, a.next_step_at)
     order by o.id for no key update of o
)
update selling_opportunity o
   set next_step = k.step_before ->> 0, next_step_at = (k.step_before ->> 1)::timestamptz
  from locked k where o.id = k.id
"""


def undo_log(activity_ids: Collection[int], *, actor: Actor, now: datetime) -> list[int]:
    """Take logged activities back, and return those that were not taken back before.

    Deals get back the next step they had, unless it was changed since. The leads and their promises are put back by
    `leads.services.restore`, which the caller has a snapshot for. A number that was barred stays barred. Three queries.
    """
    with transaction.atomic():
        gone = sorted(fetch(_UNDO, [list(activity_ids), now]))
        run(_PUT_BACK, [[row[0] for row in gone]])
        record(
            [
                ActivityUndone(
                    happened_at=now,
                    person_id=person_id,
                    lead_id=lead_id,
                    opportunity_id=opportunity_id,
                    activity_id=activity_id,
                )
                for activity_id, person_id, lead_id, opportunity_id in gone
            ],
            actor=actor,
        )
    return [row[0] for row in gone]
