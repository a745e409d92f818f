"""One letter for many leads: after an import nobody wants to be told of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from leadloop.ledger.contracts import Event
from leadloop.outreach.contracts import Draft, Purpose

TOLD_ONE_BY_ONE = 5  # leads that were given to one person at once; more than these are told in one letter


def summed_up(events: Sequence[Event], *, not_before: datetime) -> tuple[list[Event], list[Draft]]:
    """The `lead.assigned` facts to tell one by one, and a letter to each owner of more than that.

    The letters name nobody: nothing in them has to be erased with a person.
    """
    by_owner: dict[int, list[Event]] = {}
    for event in events:
        by_owner.setdefault(event.payload["user_id"], []).append(event)
    single = [event for event in events if len(by_owner[event.payload["user_id"]]) <= TOLD_ONE_BY_ONE]
    many = {owner_id: given for owner_id, given in by_owner.items() if len(given) > TOLD_ONE_BY_ONE}
    return single, [_summary(owner_id, many[owner_id], not_before) for owner_id in sorted(many)]


def _summary(owner_id: int, given: Sequence[Event], not_before: datetime) -> Draft:
    return Draft(
        occasion=f"notify:assigned:{min(event.payload['assignment_id'] for event in given)}",
        purpose=Purpose.INTERNAL,
        user_id=owner_id,
        subject=f"You were given {len(given)} leads",
        text=(
            f"{len(given)} leads are new on your worklist, the most urgent first:"
            f"\n\n{settings.PUBLIC_URL}/worklist?tab=new\n"
        ),
        template_key="new_leads",
        not_before=not_before,
    )
