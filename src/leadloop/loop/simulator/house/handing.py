"""What `distribution` does: hand over in turn, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from leadloop.distribution import rules
from leadloop.distribution.contracts import AssignmentState, How
from leadloop.distribution.queries.history import GAVE_UP
from leadloop.distribution.services.assigning import READY
from leadloop.kernel.decision import Reason
from leadloop.leads.contracts import Move, Stage
from leadloop.ledger.contracts import Actor
from leadloop.loop.simulator.house.core import House
from leadloop.loop.simulator.house.moving import move
from leadloop.loop.simulator.house.state import Lead, Offer


class _Choice(NamedTuple):
    lead: Lead
    user_id: int
    how: How
    rule: str
    pool_id: int | None
    log: tuple[Reason, ...]


def assign(house: House, leads: Iterable[Lead], *, actor: Actor, skip_reason: str = "") -> None:
    """Hand leads over to sales by the rules in force, all at once."""
    ready = sorted((one for one in leads if one.stage in READY), key=lambda one: (one.opened_at, one.id))
    if not ready:
        return
    tables = {key: house.seats(key) for key in house.around.pools}
    choices = []
    for lead in ready:
        routed = rules.route(house.around.routing.rules, {}, house.now)
        assert routed.outcome is not None, "the story's routing takes every lead"
        pool = house.around.pools[routed.outcome.pool]
        refused = {one.user_id for one in lead.offers if one.state in GAVE_UP}
        turn = rules.choose(tables[pool.key].values(), refused_by=refused)
        log = (*routed.reasons, *turn.reasons)
        if turn.outcome is None:
            why = Reason("fallback", f"user:{pool.fallback_id} stands in for the pool")
            choices.append(_Choice(lead, pool.fallback_id, How.FALLBACK, routed.outcome.name, pool.id, (*log, why)))
        else:
            seat = turn.outcome
            tables[pool.key][seat.member_id] = rules.given(seat)
            choices.append(_Choice(lead, seat.user_id, How.ROTATION, routed.outcome.name, pool.id, log))
    _hand_over(house, choices, house.around.routing.version, skip_reason, actor)


def assign_by_hand(house: House, lead: Lead, user_id: int, *, actor: Actor, skip_reason: str) -> None:
    """Hand a lead over to somebody a person has named."""
    why = Reason("by_hand", f"{actor} chose user:{user_id}")
    _hand_over(house, [_Choice(lead, user_id, How.BY_HAND, "", None, (why,))], None, skip_reason, actor)


def _hand_over(house: House, choices: Sequence[_Choice], version: int | None, skip_reason: str, actor: Actor) -> None:
    befores = [one.lead.owner_id for one in choices]
    for one in choices:
        code = "" if one.lead.stage is Stage.QUALIFIED else skip_reason
        wanted = Move(lead_id=one.lead.id, to=Stage.ASSIGNED, owner_id=one.user_id, exception_code=code)
        move(house, one.lead, wanted, actor=actor)
    for one in choices:
        if one.how is How.ROTATION:
            house.spend(one.user_id, 1)
    for one, before in zip(choices, befores, strict=True):
        _offer(house, one, before, version, actor)


def _offer(house: House, one: _Choice, before: int, version: int | None, actor: Actor) -> None:
    offer = Offer(
        id=house.ids.next("distribution.Assignment"),
        lead_id=one.lead.id,
        pool_id=one.pool_id,
        user_id=one.user_id,
        from_user_id=before,
        routing_version=version,
        rule=one.rule,
        how=str(one.how),
        log=[reason.as_json() for reason in one.log],
        offered_at=house.now,
    )
    one.lead.offers.append(offer)
    house.rows.offers.append(offer)
    payload = {
        "assignment_id": offer.id,
        "user_id": offer.user_id,
        "from_user_id": before,
        "how": offer.how,
        "rule": offer.rule,
        "pool_id": offer.pool_id,
        "routing_version": version,
    }
    house.tell(
        "lead.assigned",
        payload,
        lead=one.lead,
        person_id=one.lead.person.id,
        company_id=one.lead.company_id,
        programme_id=one.lead.programme_id,
        version=house.terms.version,
        actor=actor,
    )


def accept(house: House, lead: Lead, *, actor: Actor) -> None:
    """Sales takes the lead on."""
    offer = _open_offer(lead)
    move(house, lead, Move(lead_id=lead.id, to=Stage.ACCEPTED), actor=actor)
    _settle(house, offer, AssignmentState.ACCEPTED, "")
    _tell(house, "lead.accepted", lead, offer, "", actor)


def reject(house: House, lead: Lead, *, reason: str, actor: Actor) -> None:
    """Sales gives the lead back; the reason decides where to."""
    to = Stage(house.terms.clauses.reasons[reason].back_to or Stage.QUALIFIED)
    offer = _open_offer(lead)
    _take_from(house, [(lead, offer)], to, reason, AssignmentState.REJECTED, actor)
    _tell(house, "lead.rejected", lead, offer, reason, actor)


def pull_back(house: House, leads: Iterable[Lead], *, actor: Actor) -> None:
    """Take leads from people who neither accepted nor rejected in time; what the fallback holds stays there."""
    asked = sorted({lead.id: lead for lead in leads}.items())
    offers = [(lead, lead.offer) for _, lead in asked if lead.offer and lead.offer.how != How.FALLBACK]
    held = [(lead, offer) for lead, offer in offers if offer]
    _take_from(house, held, Stage.QUALIFIED, "not_worked", AssignmentState.PULLED_BACK, actor)
    for lead, offer in held:
        _tell(house, "lead.pulled_back", lead, offer, "not_worked", actor)


def withdraw(house: House, lead: Lead, reason: str) -> None:
    """End the open offer of a lead that leaves the stage otherwise."""
    if lead.offer is not None:
        _settle(house, lead.offer, AssignmentState.ENDED, reason)


def own(house: House, lead: Lead, user_id: int, *, actor: Actor) -> None:
    """Give a lead to somebody else without a move of stage, with what its owner owes on it."""
    withdraw(house, lead, "reassigned")
    before, lead.owner_id = lead.owner_id, user_id
    lead.team_id = house.active[user_id].team_id
    for owed in lead.owed.values():
        if owed.owner_id == before:
            owed.owner_id = user_id
    house.tell(
        "lead.owned",
        {"owner_id": user_id, "owner_before_id": before},
        lead=lead,
        person_id=lead.person.id,
        company_id=lead.company_id,
        programme_id=lead.programme_id,
        version=house.terms.version,
        actor=actor,
    )


def _open_offer(lead: Lead) -> Offer:
    assert lead.offer is not None, "only a lead that was offered can be answered"
    return lead.offer


def _settle(house: House, offer: Offer, state: AssignmentState, reason: str) -> None:
    offer.state, offer.settled_at, offer.reason = str(state), house.now, reason


def _take_from(
    house: House,
    held: Sequence[tuple[Lead, Offer]],
    to: Stage,
    reason: str,
    state: AssignmentState,
    actor: Actor,
) -> None:
    for _, offer in held:
        _settle(house, offer, state, reason)
        if offer.how == How.ROTATION:
            house.spend(offer.user_id, -1)
    for lead, _ in held:
        move(house, lead, Move(lead_id=lead.id, to=to, reason=reason), actor=actor)


def _tell(house: House, kind: str, lead: Lead, offer: Offer, reason: str, actor: Actor) -> None:
    house.tell(
        kind,
        {"assignment_id": offer.id, "user_id": offer.user_id},
        lead=lead,
        person_id=lead.person.id,
        reason=reason,
        version=house.terms.version,
        actor=actor,
    )
