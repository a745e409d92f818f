"""What time itself demands: promises run out, journeys go on, mailings are written."""

from __future__ import annotations

from leadloop.agreement.queries import in_force
from leadloop.kernel import clock
from leadloop.leads import services as leads
from leadloop.ledger.contracts import by_system
from leadloop.loop import visiting
from leadloop.mailing import services as mailing
from leadloop.nurture import services as nurture
from leadloop.outreach import services as outreach
from leadloop.platform.queries import installed
from leadloop.platform.services import beat
from leadloop.qualification.queries import scorer

PAUSE_SECONDS = 1.0
BATCH = 500
CLOCK = by_system("clock")


def turn() -> int:
    """One round; returns how much there was to do. Safe to run beside itself: each part claims what it takes."""
    now = clock.now()
    if not installed():
        return 0
    beat(process="worker", now=now)
    broken = leads.break_due(limit=BATCH, actor=CLOCK, now=now)
    _, judging = scorer()
    steps = nurture.advance(
        limit=BATCH, terms=in_force(), actor=CLOCK, now=now, half_life_days=judging.rules.half_life_days
    )
    letters = mailing.write_due(limit=BATCH, actor=CLOCK, now=now)
    outreach.recover(now)
    return len(broken) + steps + letters + visiting.gather(limit=BATCH, now=now)
