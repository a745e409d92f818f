"""One letter for many leads: after an import nobody wants to be told of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from leadloop.ledger.contracts import Event, Lane
from leadloop.ledger.services import current_lane
from leadloop.outreach.contracts import Draft, Purpose

# Leads that were given to one person at once; more than these are told in one letter.
TOLD_ONE_BY_ONE = {Lane.LIVE: 5, Lane.BULK: 1}


def summed_up(events: Sequence[Event], *, not_before: datetime) -> tuple[list[Event], list[Draft]]:
    """The `lead.assigned` facts to tell one by one, and a letter to each owner of more than that.

    The letters name nobody: nothing in them has to be erased with a person.
    """
    single, many = apart(events)
    return single, [_summary(owner_id, many[owner_id], not_before) for owner_id in sorted(many)]


def apart(events: Sequence[Event]) -> tuple[list[Event], dict[int, list[Event]]]:
    """Of `lead.assigned` facts those to tell one by one, and those that are too many for that, by owner."""
    by_owner: dict[int, list[Event]] = {}
    for event in events:
        by_owner.setdefault(event.payload["user_id"], []).append(event)
    most = TOLD_ONE_BY_ONE[current_lane()]
    single = [event for event in events if len(by_owner[event.payload["user_id"]]) <= most]
    return single, {owner_id: given for owner_id, given in by_owner.items() if len(given) > most}


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
