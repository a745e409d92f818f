"""What `selling` does when something was done on a lead."""

from __future__ import annotations

from leadloop.leads.contracts import CLOSED_STAGES, Move, PromiseKind, PromiseState, Stage
from leadloop.ledger.contracts import Actor, user_of
from leadloop.loop.simulator.house import promising
from leadloop.loop.simulator.house.core import House
from leadloop.loop.simulator.house.moving import move
from leadloop.loop.simulator.house.promising import Asked
from leadloop.loop.simulator.house.state import Activity, Lead
from leadloop.selling.contracts import ActivityIn, ActivityKind
from leadloop.selling.outcomes import Outcome
from leadloop.selling.rules import check_activity


def log(house: House, lead: Lead, given: ActivityIn, *, actor: Actor) -> None:
    """Write the activity, keep what it is evidence for, and promise the next step."""
    outcome = check_activity(given, lead.stage, house.now)
    moves = outcome.contacted and lead.stage is Stage.ACCEPTED
    activity = _write(house, lead, given, outcome, user_of(actor) or 0)
    if moves:
        move(house, lead, Move(lead_id=lead.id, to=Stage.WORKING, due_at=given.next_step_at), actor=actor)
    _settle(house, lead, given, outcome, activity.id, moves=moves, actor=actor)
    if lead.deal is not None and given.next_step_at is not None:
        activity.step_before = [lead.deal.next_step, lead.deal.next_step_at.isoformat()]
        lead.deal.next_step, lead.deal.next_step_at = activity.next_step, given.next_step_at
    _tell(house, lead, activity, actor)


def _write(house: House, lead: Lead, given: ActivityIn, outcome: Outcome, user_id: int) -> Activity:
    activity = Activity(
        id=house.ids.next("selling.Activity"),
        lead_id=lead.id,
        opportunity_id=lead.deal.id if lead.deal else None,
        person_id=lead.person.id,
        user_id=user_id,
        kind=str(given.kind),
        outcome=given.outcome,
        contacted=outcome.contacted,
        note=given.note.strip(),
        minutes=given.minutes,
        next_step=given.next_step_note.strip(),
        next_step_at=given.next_step_at,
        step_before=None,
        happened_at=house.now,
    )
    house.rows.activities.append(activity)
    return activity


def _settle(
    house: House, lead: Lead, given: ActivityIn, outcome: Outcome, activity_id: int, *, moves: bool, actor: Actor
) -> None:
    evidence = (PromiseState.KEPT, f"activity:{activity_id}")
    wanted = {str(kind): evidence for kind in outcome.keeps}
    if given.kind is not ActivityKind.NOTE and not moves:
        wanted[str(PromiseKind.NEXT_STEP)] = evidence
    asks = []
    if given.next_step_at is not None and lead.stage not in CLOSED_STAGES:
        asks.append(Asked(PromiseKind.NEXT_STEP, given.next_step_at, given.next_step_note.strip()))
    promising.change(house, lead, wanted, asks, actor=actor)


def _tell(house: House, lead: Lead, activity: Activity, actor: Actor) -> None:
    payload = {
        "activity_id": activity.id,
        "user_id": activity.user_id,
        "activity": activity.kind,
        "outcome": activity.outcome,
        "contacted": activity.contacted,
    }
    house.tell(
        "activity.logged",
        payload,
        lead=lead,
        at=activity.happened_at,
        person_id=lead.person.id,
        company_id=lead.company_id,
        opportunity_id=activity.opportunity_id,
        programme_id=lead.programme_id,
        version=house.terms.version,
        actor=actor,
    )
