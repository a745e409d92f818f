"""The next thing that somebody does about a lead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from leadloop.leads.contracts import Stage
from leadloop.loop.simulator.conduct import dealing, early, talking
from leadloop.loop.simulator.conduct.memory import Act, Pursued
from leadloop.loop.simulator.conduct.people import Desk
from leadloop.loop.simulator.house.state import Lead

_BY_STAGE: Mapping[Stage, Callable[[Desk, Lead, Pursued, datetime], Act | None]] = {
    Stage.NURTURING: early.nurtured,
    Stage.ASSIGNED: early.offered,
    Stage.ACCEPTED: early.accepted,
    Stage.WORKING: talking.in_contact,
    Stage.OPPORTUNITY: dealing.on_deal,
}


def plan(desk: Desk, lead: Lead, now: datetime, *, acted: bool) -> Act | None:
    """What is done about a lead next; None when nothing changed for those who work on it, or nothing will be done.

    `acted` tells that somebody has just done something to it.
    """
    known = desk.pursued[lead.id]
    mark = (
        lead.stage,
        lead.owner_id,
        len(lead.offers),
        lead.enrolment and lead.enrolment.id,
        lead.deal and lead.deal.id,
    )
    if mark == known.mark and not acted:
        return None
    known.mark = mark
    known.token += 1
    planner = _BY_STAGE.get(lead.stage)
    found = planner(desk, lead, known, now) if planner else None
    if found is not None and found.lead is lead:
        found.token = known.token
    return found
