"""What `leads` does to move a pursuit, by its own rules."""

from __future__ import annotations

from datetime import datetime

from leadloop.leads.contracts import CLOSED_STAGES, Move, PromiseState
from leadloop.leads.rules import MoveFacts, exception_of, is_recycling, may_move, promise_for, settle
from leadloop.leads.rules.owning import owner_after
from leadloop.ledger.contracts import Actor
from leadloop.loop.simulator.house import promising
from leadloop.loop.simulator.house.core import House
from leadloop.loop.simulator.house.rows import iso
from leadloop.loop.simulator.house.state import Lead, Owed


def move(house: House, lead: Lead, wanted: Move, *, actor: Actor) -> None:
    """Move a lead, settle what the old stage owed, promise what the new one owes.

    A move that the rules refuse is a mistake of the story, so it fails an assertion.
    """
    terms, before = house.terms, lead.stage
    decision = may_move(MoveFacts(before, lead.closed_at), wanted, terms, house.now)
    assert decision.outcome, decision.reasons
    owner_id = owner_after(wanted, lead.owner_id, terms, house.active)
    assert owner_id is not None
    owner_before, exception = lead.owner_id, exception_of(before, wanted, terms)
    promised = _promised(house, lead, wanted, owner_id)
    settled = _settle(house, lead, wanted, owner_id, promised[0] if promised else "")
    _write_head(house, lead, wanted, owner_id, exception)
    made = promising.make(house, lead, promised[0], owner_id, promised[1]) if promised else None
    promising.head(lead)
    _tell(house, lead, wanted, str(before), owner_before, exception, made, actor)
    promising.tell_settled(house, lead, settled, actor)


def _promised(house: House, lead: Lead, wanted: Move, owner_id: int) -> tuple[str, datetime] | None:
    if wanted.to in CLOSED_STAGES:
        return None
    kind, due_at = promise_for(lead.stage, wanted, house.terms, house.now)
    return kind, due_at or house.due_times(kind, owner_id)


def _settle(house: House, lead: Lead, wanted: Move, owner_id: int, made: str) -> list[promising.Settled]:
    settled = []
    for owed in lead.running():
        state = settle(owed.kind, lead.stage, wanted, house.terms, made)
        if state is PromiseState.RUNNING:
            owed.owner_id = owner_id
        else:
            evidence = f"stage:{wanted.to}" if state is PromiseState.KEPT else ""
            settled.append(promising.settle(house, lead, owed, state, evidence))
    return settled


def _write_head(house: House, lead: Lead, wanted: Move, owner_id: int, exception: str) -> None:
    closes = wanted.to in CLOSED_STAGES
    lead.recycled += is_recycling(lead.stage, wanted.to)
    lead.stage, lead.stage_since = wanted.to, house.now
    if owner_id != lead.owner_id:
        lead.team_id = house.active[owner_id].team_id
    lead.owner_id = owner_id
    lead.exception_code = exception or lead.exception_code
    lead.why = wanted.why or lead.why
    lead.closed_at = house.now if closes else None
    lead.close_reason = wanted.reason if closes else ""
    if closes:
        lead.due_at, lead.due_kind = None, ""
        key = (lead.person.id, lead.interest_id)
        house.open.pop(key, None)
        house.closed.setdefault(key, []).append(lead)


def _tell(
    house: House,
    lead: Lead,
    wanted: Move,
    before: str,
    owner_before: int,
    exception: str,
    made: Owed | None,
    actor: Actor,
) -> None:
    payload = {
        "before": before,
        "after": str(wanted.to),
        "owner_id": lead.owner_id,
        "owner_before_id": owner_before,
        "exception": exception,
        "promise": made.kind if made else "",
        "due_at": iso(made.due_at) if made else "",
        "undone": "",
    }
    house.tell(
        "lead.moved",
        payload,
        lead=lead,
        person_id=lead.person.id,
        company_id=lead.company_id,
        programme_id=lead.programme_id,
        reason=wanted.reason,
        version=house.terms.version,
        actor=actor,
    )
