"""What `nurture` does: put leads on a journey, go on with it, take them off."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from leadloop.leads.contracts import CLOSED_STAGES, Move, PromiseKind, PromiseState, Stage
from leadloop.ledger.contracts import Actor
from leadloop.loop.simulator.house import letters, promising
from leadloop.loop.simulator.house.core import House
from leadloop.loop.simulator.house.moving import move
from leadloop.loop.simulator.house.promising import Asked
from leadloop.loop.simulator.house.state import Enrolment, Lead
from leadloop.nurture.contracts import End, HandOver, JourneyRow, Recycle, Walk
from leadloop.nurture.rules import engagement_now, first_due, walk
from leadloop.nurture.services.enrolling import GRACE
from leadloop.nurture.services.enrolling import READY as MAY_ENTER


def enrol(house: House, leads: Iterable[Lead], key: str, *, actor: Actor) -> None:
    """Put leads on a journey, as far as they may enter and have not been on it."""
    journey = house.around.journeys[key]
    entering = [
        lead
        for lead in sorted({one.id: one for one in leads}.values(), key=lambda one: one.id)
        if lead.stage in MAY_ENTER and lead.enrolment is None and key not in lead.journeys
    ]
    for lead in entering:
        _enter(house, lead, journey)
    due_at = first_due(journey.graph, house.now) + GRACE
    waiting = [lead for lead in entering if lead.stage is Stage.NURTURING]
    for lead in entering:
        if lead not in waiting:
            move(house, lead, Move(lead_id=lead.id, to=Stage.NURTURING, due_at=due_at), actor=actor)
    for lead in waiting:
        promising.change(house, lead, {}, [Asked(PromiseKind.NURTURE, due_at)], actor=actor)
    for lead in entering:
        _tell(house, "journey.entered", lead, journey, {"node": journey.graph.start}, actor=actor)


def _enter(house: House, lead: Lead, journey: JourneyRow) -> None:
    enrolment = Enrolment(
        id=house.ids.next("nurture.Enrolment"),
        journey_id=journey.id,
        lead_id=lead.id,
        person_id=lead.person.id,
        node=journey.graph.start,
        entered_at=house.now,
        due_at=first_due(journey.graph, house.now),
    )
    lead.enrolment = enrolment
    lead.journeys.add(journey.key)
    house.rows.enrolments.append(enrolment)
    house.step_to_do(enrolment)


def leave(house: House, leads: Iterable[Lead], reason: End, *, actor: Actor) -> None:
    """Take leads that are not in nurturing any more off their journeys."""
    for _, lead in sorted({one.id: one for one in leads}.items()):
        if lead.stage is not Stage.NURTURING and lead.enrolment is not None:
            enrolment = lead.enrolment
            journey = _journey(house, enrolment)
            _end(house, lead, "left", str(reason))
            payload = {"enrolment_id": enrolment.id, "journey": _named(journey), "node": enrolment.node}
            house.tell("journey.left", payload, lead=lead, person_id=lead.person.id, reason=str(reason), actor=actor)


def advance(house: House, *, actor: Actor) -> None:
    """Take the next step with everybody for whom it is due."""
    for enrolment in house.steps_due():
        lead = house.leads[enrolment.lead_id]
        journey = _journey(house, enrolment)
        if lead.stage is not Stage.NURTURING:
            why = str(End.CLOSED if lead.stage in CLOSED_STAGES else End.SALES_TOOK_OVER)
            _end(house, lead, "left", why)
            _tell(
                house, "journey.left", lead, journey, {"node": enrolment.node}, why, enrolment, actor=actor, plain=True
            )
            continue
        _go_on(house, lead, enrolment, journey, actor)


def _go_on(house: House, lead: Lead, enrolment: Enrolment, journey: JourneyRow, actor: Actor) -> None:
    found = walk(journey.graph, enrolment.node, _asked(house, lead), house.now)
    if isinstance(found.end, HandOver):
        move(house, lead, Move(lead_id=lead.id, to=Stage.QUALIFIED), actor=actor)
    for sending in found.sends:
        letters.step(house, lead, enrolment.id, sending, journey.name, actor)
    if not isinstance(found.end, HandOver):
        kept = {str(PromiseKind.NURTURE): (PromiseState.KEPT, f"enrolment:{enrolment.id}:{enrolment.node}")}
        promising.change(house, lead, kept, [_next(house, found)], actor=actor)
    enrolment.steps += len(found.steps)
    enrolment.node = found.node
    if found.end is None:
        enrolment.due_at = found.due_at
        house.step_to_do(enrolment)
    for step in found.steps:
        payload = {"node": step.node, "after": step.after}
        _tell(house, "journey.stepped", lead, journey, payload, step.code, enrolment, actor=actor)
    if found.end is not None:
        why = str(End.HANDED_OVER if isinstance(found.end, HandOver) else End.RECYCLED)
        _end(house, lead, "done", why)
        _tell(house, "journey.left", lead, journey, {"node": found.node}, why, enrolment, actor=actor, plain=True)


def _next(house: House, found: Walk) -> Asked:
    if isinstance(found.end, Recycle):
        return Asked(PromiseKind.WAKE, house.now + timedelta(days=found.end.days), found.end.reason)
    assert found.due_at is not None
    return Asked(PromiseKind.NURTURE, found.due_at + GRACE)


def _asked(house: House, lead: Lead) -> dict[str, object]:
    """What the standard journey's decisions ask of a lead."""
    return {
        "score.fit": lead.fit,
        "score.engagement": engagement_now(lead.engagement, house.now, house.around.scorer.rules.half_life_days),
        "score.readiness": lead.readiness,
        "lead.stage": lead.stage,
        "lead.grade": lead.grade,
        "lead.touches": lead.touches,
        "lead.recycled": lead.recycled,
    }


def _end(house: House, lead: Lead, state: str, reason: str) -> None:
    assert lead.enrolment is not None
    one, lead.enrolment = lead.enrolment, None
    one.state, one.due_at, one.left_at, one.reason = state, None, house.now, reason


def _journey(house: House, enrolment: Enrolment) -> JourneyRow:
    return next(row for row in house.around.journeys.values() if row.id == enrolment.journey_id)


def _named(journey: JourneyRow) -> str:
    return f"{journey.key}@{journey.version}"


def _tell(
    house: House,
    kind: str,
    lead: Lead,
    journey: JourneyRow,
    payload: dict[str, str],
    reason: str = "",
    enrolment: Enrolment | None = None,
    *,
    actor: Actor,
    plain: bool = False,
) -> None:
    """`plain` leaves the agreement's version out, as the end of a journey does."""
    which = enrolment or lead.enrolment
    assert which is not None
    house.tell(
        kind,
        {"enrolment_id": which.id, "journey": _named(journey), **payload},
        lead=lead,
        person_id=lead.person.id,
        company_id=lead.company_id,
        programme_id=lead.programme_id,
        reason=reason,
        version=None if plain else house.terms.version,
        actor=actor,
    )
