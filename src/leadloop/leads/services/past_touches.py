"""Touches of the past: inquiries that are known to belong to a lead, whatever became of it since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from leadloop.leads.facts import LeadJoined
from leadloop.leads.services.store import lock
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.ledger.sql import columns, fetch

_COUNT = """
update leads_lead l set touches = l.touches + t.n, last_touch_at = greatest(l.last_touch_at, t.at)
  from (select lead_id, count(*) as n, max(at) as at from unnest(%s::bigint[], %s::timestamptz[]) as t (lead_id, at)
         group by 1) t
 where l.id = t.lead_id returning l.id
"""


class PastTouch(NamedTuple):
    """An inquiry of a lead, from before it was brought here."""

    lead_id: int
    programme_id: int | None
    source_id: int | None
    happened_at: datetime


def join_past(touches: Sequence[PastTouch], *, actor: Actor) -> None:
    """Count touches on leads of any stage. Nobody waits for an answer, so nothing is promised. Three queries."""
    if not touches:
        return
    with transaction.atomic():
        leads = lock({one.lead_id for one in touches})
        fetch(_COUNT, columns((one.lead_id, one.happened_at) for one in touches))
        facts = [
            LeadJoined(
                happened_at=one.happened_at,
                person_id=leads[one.lead_id].person_id,
                company_id=leads[one.lead_id].company_id,
                lead_id=one.lead_id,
                programme_id=one.programme_id,
                source_id=one.source_id,
            )
            for one in touches
        ]
        record(facts, actor=actor)
