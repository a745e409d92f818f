"""Logging what was done."""

from __future__ import annotations

from datetime import datetime

from leadloop.agreement.queries import in_force
from leadloop.loop.commands.desk import Done, finished, step
from leadloop.platform.contracts import Viewer
from leadloop.selling import services as selling
from leadloop.selling.contracts import ActivityIn


def log(viewer: Viewer, activity: ActivityIn, *, now: datetime) -> Done:
    """Log one call, mail, meeting, social touch or note; a call that reached somebody moves the lead on."""
    with step(viewer, "log", [activity.lead_id], now=now) as one:
        logged = selling.log([activity], terms=in_force(), actor=one.actor, now=now)
        one.inverse = {"activities": [row.activity_id for row in logged]}
        one.label = f"{activity.kind.capitalize()} logged"
    return finished(one)
