"""Logging what was done."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from leadloop.agreement.queries import in_force
from leadloop.leads.queries import rows as lead_rows
from leadloop.ledger.contracts import by_user
from leadloop.loop.commands.desk import Done, Step, finished, step
from leadloop.people.services import fail_numbers
from leadloop.platform.contracts import Viewer
from leadloop.selling import services as selling
from leadloop.selling.contracts import ActivityIn
from leadloop.selling.outcomes import outcome_of


def log(viewer: Viewer, activity: ActivityIn, *, now: datetime) -> Done:
    """Log one call, mail, meeting, social touch or note; a call that reached somebody moves the lead on."""
    with transaction.atomic():
        wrong = wrong_numbers(viewer, activity, now)
        with step(viewer, "log", [activity.lead_id], now=now) as one:
            write(one, activity, wrong)
            one.label = f"{activity.kind.capitalize()} logged"
    return finished(one)


def wrong_numbers(viewer: Viewer, activity: ActivityIn, now: datetime) -> list[int]:
    """Mark the number that turned out to be wrong, if any. Before `step`: persons are locked before leads."""
    known = outcome_of(activity.kind, activity.outcome)
    lead = lead_rows([activity.lead_id]).get(activity.lead_id) if known and known.wrong_number else None
    return fail_numbers([lead.person_id], actor=by_user(viewer.user_id), now=now) if lead else []


def write(one: Step, activity: ActivityIn, wrong: list[int]) -> None:
    """Log within a step, and keep what takes it back."""
    logged = selling.log([activity], terms=in_force(), actor=one.actor, now=one.now)
    one.inverse |= {"activities": [row.activity_id for row in logged], "numbers": wrong}
