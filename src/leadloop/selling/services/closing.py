"""Winning and losing deals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from leadloop.agreement.contracts import Terms
from leadloop.kernel.errors import Invalid
from leadloop.leads import services as leads
from leadloop.leads.contracts import CLOSED_STAGES, LeadRow, Move, Stage
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.selling.contracts import Fate, State
from leadloop.selling.facts import OpportunityLost, OpportunityWon
from leadloop.selling.models import Opportunity
from leadloop.selling.rules import Stake, fates_of
from leadloop.selling.services.days import base_amount, closing
from leadloop.selling.services.holding import Held, hold
from leadloop.selling.sql import fetch

BOUGHT = "bought"
WORKED_AHEAD = "called_ahead"


def win(
    opportunity_id: int,
    *,
    terms: Terms,
    actor: Actor,
    now: datetime,
    closed_on: date | None = None,
    skip_reason: str = WORKED_AHEAD,
) -> int:
    """Win an open deal on a day (None: today, where the company is) and return its worth in the company's currency.

    Its open leads are won too; `skip_reason` is the code for those that were not at the deal any more. Raises
    Invalid naming currency and day when no rate stands for that day.
    """
    with transaction.atomic():
        held = hold(opportunity_id)
        day, at = closing(closed_on, now)
        base = base_amount(held.row.minor, held.row.currency, day)
        won = [lead.id for lead in held.open_leads]
        moves = [_won(lead, skip_reason) for lead in held.open_leads]
        leads.move(moves, terms=terms, actor=actor, now=now)
        _close(held, State.WON, BOUGHT, at, base)
        fact = OpportunityWon(
            happened_at=at,
            **held.whose,
            reason=BOUGHT,
            agreement_version=terms.version,
            amount=held.row.minor,
            currency=held.row.currency,
            base_amount=base,
            lead_ids=won,
            closed_on=day.isoformat(),
        )
        record([fact], actor=actor)
    return base


def lose(
    opportunity_id: int,
    *,
    reason: str,
    outcomes: Mapping[int, Fate | str],
    terms: Terms,
    actor: Actor,
    now: datetime,
    wake_at: datetime | None = None,
) -> None:
    """Lose an open deal for a reason; `outcomes` says per open lead whether it is lost too or recycled.

    A lead with another open deal goes on with that one, whatever is said of it. Recycled leads are looked at again
    at `wake_at`, or when the agreement says. Raises Invalid naming the field.
    """
    with transaction.atomic():
        held = hold(opportunity_id)
        day, at = closing(None, now)
        said = {lead_id: _fate(fate) for lead_id, fate in outcomes.items()}
        fates = fates_of(reason, said, _stakes(held), terms)
        moves = [_lost(held.leads[lead_id], fate, reason, wake_at) for lead_id, fate in fates.items()]
        leads.move([move for move in moves if move], terms=terms, actor=actor, now=now)
        _close(held, State.LOST, reason, at, None)
        fact = OpportunityLost(
            happened_at=at,
            **held.whose,
            reason=reason,
            agreement_version=terms.version,
            amount=held.row.minor,
            currency=held.row.currency,
            outcomes={str(lead_id): str(fate) for lead_id, fate in fates.items()},
            closed_on=day.isoformat(),
        )
        record([fact], actor=actor)


def _won(lead: LeadRow, skip_reason: str) -> Move:
    code = "" if lead.stage is Stage.OPPORTUNITY else skip_reason
    return Move(lead_id=lead.id, to=Stage.WON, reason=BOUGHT, exception_code=code)


def _lost(lead: LeadRow, fate: Fate, reason: str, wake_at: datetime | None) -> Move | None:
    """None for a lead that waits in nurturing already."""
    if fate is Fate.LOST:
        return Move(lead_id=lead.id, to=Stage.LOST, reason=reason)
    if lead.stage is Stage.NURTURING:
        return None
    return Move(lead_id=lead.id, to=Stage.NURTURING, reason=reason, due_at=wake_at)


def _fate(given: Fate | str) -> Fate:
    try:
        return Fate(given)
    except ValueError:
        raise Invalid(f"“{given}” is no way a lead ends", field="outcomes", mend="Say lost or recycled") from None


def _stakes(held: Held) -> dict[int, Stake]:
    found = fetch(
        """
        select distinct k.lead_id from selling_opportunitylead k
          join selling_opportunity o on o.id = k.opportunity_id
         where k.lead_id = any(%s) and o.state = 'open' and o.id <> %s
        """,
        [list(held.leads), held.row.id],
    )
    elsewhere = {lead_id for (lead_id,) in found}
    return {
        lead.id: Stake.CLOSED
        if lead.stage in CLOSED_STAGES
        else Stake.ANOTHER_DEAL
        if lead.id in elsewhere
        else Stake.THIS_DEAL
        for lead in held.leads.values()
    }


def _close(held: Held, state: State, reason: str, at: datetime, base: int | None) -> None:
    Opportunity.objects.filter(id=held.row.id).update(
        state=str(state), closed_at=at, close_reason=reason, base_minor=base
    )
