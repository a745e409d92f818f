"""Noticing that the time of a promise has passed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from leadloop.leads.contracts import Broken
from leadloop.leads.facts import PromiseBroken
from leadloop.ledger.contracts import Actor, by_system
from leadloop.ledger.services import record
from leadloop.ledger.sql import fetch

_MARK = """
with due as materialized (
    select p.id from leads_promise p
     where p.state = 'running' and p.broken_at is null and p.due_at < %s
     order by p.due_at limit %s
       for no key update skip locked
)
update leads_promise p set broken_at = %s
  from due, leads_lead l
 where p.id = due.id and l.id = p.lead_id
returning p.id, p.lead_id, l.person_id, p.kind, p.owner_id, p.due_at
"""


def break_due(limit: int, *, now: datetime, actor: Actor | None = None) -> list[Broken]:
    """Mark at most `limit` promises whose time has passed, the most overdue first, and return them.

    Each is marked once and goes on running until it is kept late or dropped. Several processes may do this at once.
    Two queries.
    """
    with transaction.atomic():
        found = sorted((Broken(*row) for row in fetch(_MARK, [now, limit, now])), key=lambda one: one.promise_id)
        record(
            [
                PromiseBroken(
                    happened_at=one.due_at,
                    person_id=one.person_id,
                    lead_id=one.lead_id,
                    promise_id=one.promise_id,
                    promise=one.kind,
                    owner_id=one.owner_id,
                    due_at=one.due_at.isoformat(),
                )
                for one in found
            ],
            actor=actor or by_system("clock"),
        )
    return found
