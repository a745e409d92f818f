"""The facts of going on with journeys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from leadloop.agreement.contracts import Terms
from leadloop.leads.contracts import LeadRow
from leadloop.ledger.facts import Fact
from leadloop.nurture.contracts import End, HandOver, Recycle, Walk
from leadloop.nurture.facts import JourneyLeft, JourneyStepped, JourneyStuck
from leadloop.nurture.services.enrolment_rows import Due


class Progress(NamedTuple):
    """A lead that is due and how far it gets; `stuck` says why it can't go on, "" when it can."""

    due: Due
    lead: LeadRow
    walk: Walk
    stuck: str = ""


def end_of(end: HandOver | Recycle) -> str:
    """Why a lead is through."""
    return str(End.HANDED_OVER if isinstance(end, HandOver) else End.RECYCLED)


def facts_of(walks: Sequence[Progress], terms: Terms, now: datetime) -> list[Fact]:
    """What happened to each: the steps it took and its end, or that it is stuck."""
    facts: list[Fact] = []
    for one in walks:
        about = {**_whose(one.due, one.lead, now), "agreement_version": terms.version}
        if one.stuck:
            facts.append(JourneyStuck(**about, reason=one.stuck, node=one.due.node))
            continue
        facts += [
            JourneyStepped(**about, reason=step.code, node=step.node, after=step.after) for step in one.walk.steps
        ]
        if one.walk.end is not None:
            facts.append(left_fact(one.due, one.lead, one.walk.node, end_of(one.walk.end), now))
    return facts


def left_fact(due: Due, lead: LeadRow, node: str, reason: str, now: datetime) -> JourneyLeft:
    """That it is on the journey no more."""
    return JourneyLeft(**_whose(due, lead, now), reason=reason, node=node)


def _whose(due: Due, lead: LeadRow, now: datetime) -> dict[str, Any]:
    return {
        "happened_at": now,
        "person_id": lead.person_id,
        "company_id": lead.company_id,
        "lead_id": lead.id,
        "programme_id": lead.programme_id,
        "enrolment_id": due.id,
        "journey": due.journey,
    }
