"""Working the queue of calls: one key logs how a call ended and says what comes next."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from leadloop.agreement.queries import in_force
from leadloop.distribution import services as distribution
from leadloop.kernel.clock import time_zone
from leadloop.kernel.errors import Invalid, NotFound
from leadloop.kernel.values import dataclass
from leadloop.leads import services as leads
from leadloop.leads.contracts import CLOSED_STAGES, Ask, LeadRow, PromiseKind, Stage
from leadloop.leads.queries import rows as lead_rows
from leadloop.loop.commands.desk import Done, finished, step
from leadloop.loop.commands.work import write, wrong_numbers
from leadloop.outreach.queries import limits
from leadloop.outreach.services import may_call
from leadloop.platform.contracts import Viewer
from leadloop.platform.queries import company, company_calendar
from leadloop.selling.contracts import ActivityIn, ActivityKind
from leadloop.selling.outcomes import OUTCOMES
from leadloop.selling.queries import activities
from leadloop.selling.rules import NextStep, after_call, put_off, tried


@dataclass(frozen=True, slots=True, kw_only=True)
class CallIn:
    """How a call ended. Without `next_step_at` and `next_step_note` the rule says what comes next, and when."""

    lead_id: int
    outcome: str
    note: str = ""
    next_step_at: datetime | None = None
    next_step_note: str = ""


def call(viewer: Viewer, given: CallIn, *, now: datetime) -> Done:
    """Log a call at any stage of its lead. One that waits to be accepted is accepted by being called."""
    if given.outcome not in OUTCOMES[ActivityKind.CALL]:
        raise Invalid(f"“{given.outcome}” is no outcome of a call", field="outcome", mend="Press one of the six")
    lead = _lead(given.lead_id)
    comes = _next(lead, given, now)
    what = ActivityIn(
        lead_id=lead.id,
        kind=ActivityKind.CALL,
        outcome=given.outcome,
        note=given.note,
        next_step_at=comes.at if comes else None,
        next_step_note=comes.note if comes else "",
    )
    with transaction.atomic():
        wrong = wrong_numbers(viewer, what, now)
        with step(viewer, "call", [lead.id], now=now) as one:
            if lead.stage is Stage.ASSIGNED:
                distribution.accept([lead.id], terms=in_force(), actor=one.actor, now=now)
                one.inverse = {"reoffer": [lead.id]}
            write(one, what, wrong)
            one.label = _said(viewer, given.outcome, comes)
    return finished(one)


def call_later(viewer: Viewer, lead_id: int, *, now: datetime) -> Done:
    """Put a call off by two hours, or to the next morning one may call. What else is owed goes on running."""
    lead = _lead(lead_id)
    until = put_off(now, _zone(lead, now), limits(), company_calendar().holidays)
    with step(viewer, "call later", [lead.id], now=now) as one:
        ask = Ask(lead.id, PromiseKind.NEXT_STEP, None, until, "Call")
        leads.promise([ask], actor=one.actor, now=now)
        one.label = f"Put off: {_when(until, viewer)}"
    return finished(one)


def _said(viewer: Viewer, outcome: str, comes: NextStep | None) -> str:
    known = OUTCOMES[ActivityKind.CALL][outcome]
    barred = "; the number stays barred" if known.no_more_calls else ""
    if comes is None:
        return f"{known.label}{barred}"
    return f"{known.label}{barred}. {comes.note}: {_when(comes.at, viewer)}"


def _when(moment: datetime, viewer: Viewer) -> str:
    return f"{moment.astimezone(time_zone(viewer.zone)):%a %-d %b, %-H:%M}"


def _lead(lead_id: int) -> LeadRow:
    found = lead_rows([lead_id]).get(lead_id)
    if found is None:
        raise NotFound(f"There is no lead {lead_id}", field="lead")
    return found


def _next(lead: LeadRow, given: CallIn, now: datetime) -> NextStep | None:
    """What comes next; None of a lead that is closed, of which nothing is owed any more."""
    if lead.stage in CLOSED_STAGES:
        return None
    made = tried(activities([lead.id])[lead.id]).made + 1
    rule = after_call(
        given.outcome, made, _zone(lead, now), limits=limits(), calendar=company_calendar(), now=now
    ).outcome
    return NextStep(given.next_step_at or rule.at, given.next_step_note.strip() or rule.note)


def _zone(lead: LeadRow, now: datetime) -> str:
    found = may_call([lead.person_id], now=now).get(lead.person_id)
    return found.zone if found else company().zone
