"""Moving pursuits through the stages."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from leadloop.agreement.contracts import Terms
from leadloop.kernel.decision import Decision, Reason
from leadloop.kernel.errors import Invalid, NotFound, Refused
from leadloop.leads.contracts import CLOSED_STAGES, LeadRow, Move, MoveResult, Stage
from leadloop.leads.queries.rows import OPEN
from leadloop.leads.rules import MoveFacts, may_move
from leadloop.leads.rules.owning import keepers, owner_after
from leadloop.leads.services import telling
from leadloop.leads.services.move_plans import Change, changes
from leadloop.leads.services.store import lock, one_open_lead, running, write_heads, write_promises, write_settled
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.ledger.sql import fetch
from leadloop.platform.contracts import UserRow
from leadloop.platform.queries import calendars, users

Decided = list[tuple[Move, Decision[bool]]]


def move(
    moves: Sequence[Move], *, terms: Terms, actor: Actor, now: datetime, skip_refused: bool = False
) -> list[MoveResult]:
    """Move leads, settle what the old stage owed, promise what the new one owes; results in the order of `moves`.

    Raises Refused, with every reason, when one of them may not move, and then nothing is changed;
    with `skip_refused` those stay where they are and the results say why. Raises NotFound for an unknown lead.
    A constant number of queries.
    """
    if not moves:
        return []
    by_lead = {one.lead_id: one for one in moves}
    if len(by_lead) < len(moves):
        raise Invalid("a lead can make one move at a time", field="lead_id", mend="Name each lead once")
    with one_open_lead(), transaction.atomic():
        return _move(by_lead, terms, actor, now, skip_refused=skip_refused)


def _move(
    moves: Mapping[int, Move], terms: Terms, actor: Actor, now: datetime, *, skip_refused: bool
) -> list[MoveResult]:
    leads = lock(moves)
    _must_exist(moves, leads)
    active = _workers(moves.values(), leads, terms)
    decided = _decide(moves, leads, active, terms, now)
    refused = {one.lead_id: decision for one, decision in decided if not decision.outcome}
    if refused and not skip_refused:
        raise _refusal(refused)
    going = {lead_id: one for lead_id, one in moves.items() if lead_id not in refused}
    done = _write(going, {lead_id: leads[lead_id] for lead_id in going}, active, terms, actor, now)
    return [_result(leads[one.lead_id], done.get(one.lead_id), decision) for one, decision in decided]


def _write(
    moves: Mapping[int, Move],
    leads: Mapping[int, LeadRow],
    active: Mapping[int, UserRow],
    terms: Terms,
    actor: Actor,
    now: datetime,
) -> dict[int, Change]:
    if not moves:
        return {}
    owed = running(leads)
    planned = changes(moves, leads, owed, active, calendars(list(active)), terms, now)
    settled = [one for change in planned for one in change.settled]
    write_settled(settled, now)
    write_promises([change.made for change in planned if change.made], now)
    write_heads([change.head for change in planned])
    record([*(change.fact for change in planned), *telling.settled(settled, leads, now)], actor=actor)
    return {change.head.lead_id: change for change in planned}


def _must_exist(moves: Mapping[int, Move], leads: Mapping[int, LeadRow]) -> None:
    missing = sorted(moves.keys() - leads.keys())
    if missing:
        raise NotFound(f"there is no lead {missing[0]}", field="lead_id")


def _workers(moves: Collection[Move], leads: Mapping[int, LeadRow], terms: Terms) -> dict[int, UserRow]:
    """Everybody who may answer for one of the leads afterwards and works here. One query."""
    wanted = {one.owner_id for one in moves} | {lead.owner_id for lead in leads.values()}
    wanted |= keepers(terms.clauses.stages[one.to] for one in moves)
    return users(ids=[one for one in wanted if one is not None], active=True)


def _decide(
    moves: Mapping[int, Move],
    leads: Mapping[int, LeadRow],
    active: Mapping[int, UserRow],
    terms: Terms,
    now: datetime,
) -> Decided:
    closed = [lead_id for lead_id, lead in leads.items() if lead.stage in CLOSED_STAGES]
    twins = open_twins(closed) if closed else set()
    decided = []
    for lead_id, one in moves.items():
        lead = leads[lead_id]
        decision = may_move(MoveFacts(lead.stage, lead.closed_at, lead_id in twins), one, terms, now)
        if decision.outcome and owner_after(one, lead.owner_id, terms, active) is None:
            decision = Decision(outcome=False, reasons=(_nobody(one, terms),))
        decided.append((one, decision))
    return decided


def open_twins(closed: Sequence[int]) -> set[int]:
    found = fetch(
        f"""
        select l.id from leads_lead l
         where l.id = any(%s::bigint[]) and exists (
               select from leads_lead t
                where t.person_id = l.person_id and t.interest_id = l.interest_id and t.id <> l.id and t.{OPEN})
        """,
        [closed],
    )
    return {lead_id for (lead_id,) in found}


def _nobody(one: Move, terms: Terms) -> Reason:
    if one.owner_id is not None:
        return Reason("owner_left", "The new owner has no active account here.")
    return Reason("no_keeper", f"Nobody who works here answers for “{terms.label(one.to)}”.")


def _refusal(refused: Mapping[int, Decision[bool]]) -> Refused:
    reasons = tuple(dict.fromkeys(reason for decision in refused.values() for reason in decision.reasons))
    head = "The lead can't make this move" if len(refused) == 1 else f"{len(refused)} leads can't make this move"
    return Refused(f"{head}: {reasons[0].text}", field="lead_id", decision=Decision(outcome=False, reasons=reasons))


def _result(lead: LeadRow, change: Change | None, decision: Decision[bool]) -> MoveResult:
    return MoveResult(
        lead_id=lead.id,
        moved=change is not None,
        before=lead.stage,
        stage=Stage(change.head.stage) if change else lead.stage,
        owner_id=change.head.owner_id if change else lead.owner_id,
        due_at=change.head.due_at if change else lead.due_at,
        reasons=decision.reasons,
    )
