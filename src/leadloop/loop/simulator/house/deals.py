"""What `selling` does with deals: opened, moved over the board, put off, won, lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from leadloop.leads.contracts import CLOSED_STAGES, Move, PromiseKind, Stage
from leadloop.ledger.contracts import Actor
from leadloop.loop.commands.deals import NewDeal
from leadloop.loop.simulator.house import promising
from leadloop.loop.simulator.house.core import House
from leadloop.loop.simulator.house.moving import move
from leadloop.loop.simulator.house.promising import Asked
from leadloop.loop.simulator.house.state import Deal, Lead
from leadloop.selling.rules import is_pushed, worth
from leadloop.selling.services.closing import BOUGHT


def open_deal(house: House, leads: Sequence[Lead], asked: NewDeal, owner_id: int, *, actor: Actor) -> Deal:
    """Make a deal of leads, the first of which led to it."""
    first = leads[0]
    stage = next(iter(house.around.board))
    deal = Deal(
        id=house.ids.next("selling.Opportunity"),
        name=asked.name,
        company_id=first.company_id,
        person_id=first.person.id,
        owner_id=owner_id,
        team_id=house.active[owner_id].team_id,
        stage_key=stage,
        stage_since=house.now,
        minor=worth(asked.lines).tcv,
        currency=asked.currency,
        close_on=asked.close_on,
        next_step=asked.next_step,
        next_step_at=asked.next_step_at,
        position=_last_place(house, stage),
        opened_at=house.now,
        lines=asked.lines,
        leads=list(leads),
    )
    house.rows.deals.append(deal)
    house.places[stage][deal.id] = deal.position
    for lead in leads:
        if lead.stage is not Stage.OPPORTUNITY:
            move(house, lead, Move(lead_id=lead.id, to=Stage.OPPORTUNITY, due_at=asked.next_step_at), actor=actor)
    for lead in leads:
        lead.deal = deal
        step = Asked(PromiseKind.NEXT_STEP, asked.next_step_at, asked.next_step)
        promising.change(house, lead, {}, [step], actor=actor)
    payload = {
        "owner_id": owner_id,
        "stage": stage,
        "close_on": asked.close_on.isoformat(),
        "lead_ids": sorted(lead.id for lead in leads),
    }
    _tell(house, "opportunity.opened", deal, payload, actor, amount=deal.minor, currency=deal.currency)
    return deal


def move_deal(house: House, deal: Deal, stage: str, *, actor: Actor) -> None:
    """Put a deal last into another column."""
    before = deal.stage_key
    position = _last_place(house, stage)
    del house.places[before][deal.id]
    deal.stage_key, deal.stage_since, deal.position = stage, house.now, position
    house.places[stage][deal.id] = position
    _tell(house, "opportunity.moved", deal, {"before": before, "after": stage}, actor, version=None)


def put_off(house: House, deal: Deal, close_on: date, *, actor: Actor) -> None:
    """Expect a deal to close on another day."""
    changes = {"close_on": [deal.close_on.isoformat(), close_on.isoformat()]}
    deal.pushed += is_pushed(deal.close_on, close_on)
    deal.close_on = close_on
    _tell(house, "opportunity.changed", deal, {"changes": changes}, actor, version=None)


def win(house: House, deal: Deal, *, actor: Actor) -> None:
    """Win a deal: its open leads are won too, and its money counts at the rate of the day."""
    day = house.now.astimezone(house.around.zone).date()
    base = house.around.base(deal.minor, deal.currency, day)
    won = [lead for lead in sorted(deal.leads, key=lambda one: one.id) if lead.stage not in CLOSED_STAGES]
    for lead in won:
        move(house, lead, Move(lead_id=lead.id, to=Stage.WON, reason=BOUGHT), actor=actor)
    _close(house, deal, "won", BOUGHT, base)
    payload = {"lead_ids": [lead.id for lead in won], "closed_on": day.isoformat()}
    _tell(
        house,
        "opportunity.won",
        deal,
        payload,
        actor,
        reason=BOUGHT,
        amount=deal.minor,
        currency=deal.currency,
        base_amount=base,
    )


def lose(house: House, deal: Deal, reason: str, *, recycled: bool, actor: Actor) -> None:
    """Lose a deal; its open leads are lost too, or looked at again later."""
    day = house.now.astimezone(house.around.zone).date()
    fate = "recycled" if recycled else "lost"
    standing = [lead for lead in sorted(deal.leads, key=lambda one: one.id) if lead.stage not in CLOSED_STAGES]
    to = Stage.NURTURING if recycled else Stage.LOST
    for lead in standing:
        if lead.stage is not to:
            move(house, lead, Move(lead_id=lead.id, to=to, reason=reason), actor=actor)
    _close(house, deal, "lost", reason, None)
    payload = {"outcomes": {str(lead.id): fate for lead in standing}, "closed_on": day.isoformat()}
    _tell(house, "opportunity.lost", deal, payload, actor, reason=reason, amount=deal.minor, currency=deal.currency)


def _close(house: House, deal: Deal, state: str, reason: str, base: int | None) -> None:
    del house.places[deal.stage_key][deal.id]
    deal.state, deal.closed_at, deal.close_reason, deal.base_minor = state, house.now, reason, base
    for lead in deal.leads:
        lead.deal = None


def _last_place(house: House, stage: str) -> float:
    return max(house.places[stage].values(), default=0.0) + 1


_THE_SAME = object()


def _tell(
    house: House,
    kind: str,
    deal: Deal,
    payload: Mapping[str, Any],
    actor: Actor,
    *,
    version: object = _THE_SAME,
    **more: Any,
) -> None:
    lead = deal.primary
    house.tell(
        kind,
        payload,
        lead=lead,
        person_id=deal.person_id,
        company_id=deal.company_id,
        opportunity_id=deal.id,
        programme_id=lead.programme_id,
        version=house.terms.version if version is _THE_SAME else None,
        actor=actor,
        **more,
    )
