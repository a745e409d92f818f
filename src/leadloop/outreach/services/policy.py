"""Changing the contact policy. Who may is checked by the caller."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.outreach.contracts import Limits
from leadloop.outreach.facts import ContactPolicyChanged
from leadloop.outreach.models import ContactPolicy
from leadloop.outreach.rules.drafts import check_limits


@transaction.atomic
def save_policy(limits: Limits, *, actor: Actor, now: datetime) -> None:
    """Set the limits; they hold for every message from the next decision on. Raises Invalid for impossible ones."""
    check_limits(limits)
    ContactPolicy.objects.update_or_create(
        id=1,
        defaults={
            "per_day": limits.per_day,
            "per_week": limits.per_week,
            "quiet_from": limits.quiet_from,
            "quiet_until": limits.quiet_until,
        },
    )
    fact = ContactPolicyChanged(
        happened_at=now,
        per_day=limits.per_day,
        per_week=limits.per_week,
        quiet_from=f"{limits.quiet_from:%H:%M}",
        quiet_until=f"{limits.quiet_until:%H:%M}",
    )
    record([fact], actor=actor)
