"""Handing leads over: rules name the pool, the pool's turn names the person, the whole batch at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson
from django.db import transaction

from leadloop.agreement.contracts import Terms
from leadloop.criteria.queries import values as facet_values
from leadloop.distribution import rules
from leadloop.distribution.contracts import Assigned, How, PoolRow, Rule, To
from leadloop.distribution.facts import LeadAssigned
from leadloop.distribution.queries import Routing, pools, refusals, routing
from leadloop.distribution.services import accounts, seats
from leadloop.kernel.decision import Decision, Reason
from leadloop.kernel.errors import Unavailable
from leadloop.kernel.values import dataclass
from leadloop.leads import services as leads
from leadloop.leads.contracts import LeadRow, Move, MoveResult, Stage
from leadloop.ledger.contracts import Actor
from leadloop.ledger.copying import copy
from leadloop.ledger.services import record
from leadloop.ledger.sql import fetch

_IDS = "select nextval('distribution_assignment_id_seq') from generate_series(1, %s::int)"
_COLUMNS = (
    "id", "lead_id", "pool_id", "user_id", "from_user_id", "routing_version", "rule", "how", "log", "offered_at",
)  # fmt: skip
READY = (Stage.INQUIRY, Stage.NURTURING, Stage.QUALIFIED)


@dataclass(frozen=True, slots=True)
class Choice:
    """Who is to take a lead, decided how, and why."""

    lead: LeadRow
    user_id: int
    how: How
    rule: str
    pool_id: int | None
    log: tuple[Reason, ...]


def assign(
    lead_ids: Iterable[int], *, terms: Terms, actor: Actor, now: datetime, skip_reason: str = ""
) -> list[Assigned]:
    """Hand these leads over to sales by the rules in force; leads that are not ready to be are left alone.

    `skip_reason` is the coded reason for leads that never were qualified. Every lead ends with a person: where
    nobody of its pool can, the pool's named fallback takes it. Raises Unavailable when no rules are in force.
    A constant number of queries.
    """
    asked = set(lead_ids)
    if not asked:
        return []
    with transaction.atomic():
        ready = in_turn(asked)
        if not ready:
            return []
        plan = routing()
        owned = accounts.owners(ready, now)
        routed = _route(ready, plan, owned, now)
        needed = {one.outcome.pool for one in routed.values() if one.outcome and one.outcome.to is To.POOL}
        tables = seats.lock(_pools(needed), now)
        choices = _choose(ready, owned, routed, tables)
        return hand_over(choices, plan, skip_reason, terms, actor, now)


def in_turn(lead_ids: Collection[int]) -> list[LeadRow]:
    """Those of these leads that wait for sales, locked, in the order in which they came: leads before places."""
    return sorted(leads.lock(lead_ids, stages=READY).values(), key=lambda row: (row.opened_at, row.id))


def _route(
    ready: Sequence[LeadRow], plan: Routing, owned: Mapping[int, accounts.Owned], now: datetime
) -> dict[int, Decision[Rule | None]]:
    """The rule that each lead fits; only what the rules ask about is read, for all leads at once."""
    ordered = rules.in_order(plan.rules)
    asked = {key for rule in ordered for key in rules.facets_asked(rule.when)}
    values = _facets(asked, [row.id for row in ready]) if asked and ready else {}
    known: dict[tuple[Any, ...], Decision[Rule | None]] = {}
    routed = {}
    for row in ready:
        of_lead = values.get(row.id, {})
        has_owner = row.id in owned and owned[row.id].user_id is not None
        alike = (has_owner, *map(repr, map(of_lead.get, asked)))
        if alike not in known:
            known[alike] = rules.route(ordered, of_lead, now, has_owner=has_owner)
        routed[row.id] = known[alike]
    return routed


def _facets(asked: Collection[str], lead_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    leads.write_now()  # views show what is written
    return facet_values(asked, "lead", lead_ids)


def _pools(keys: Collection[str]) -> list[PoolRow]:
    known = {pool.key: pool for pool in pools().values()}
    missing = sorted(set(keys) - known.keys())
    if missing:
        raise Unavailable(
            problem=f"A routing rule names the pool {missing[0]}, which does not exist",
            field="routing",
            mend="Add the pool, or sign routing rules without it",
        )
    return [known[key] for key in sorted(keys)]


def _choose(
    ready: Sequence[LeadRow],
    owned: Mapping[int, accounts.Owned],
    routed: Mapping[int, Decision[Rule | None]],
    tables: Mapping[str, seats.Table],
) -> list[Choice]:
    refused = refusals([row.id for row in ready])
    turns = {key: rules.Rotation(table.seats) for key, table in tables.items()}
    choices = []
    for row in ready:
        rule, account = routed[row.id].outcome, owned.get(row.id, accounts.NOBODY)
        if rule is not None and rule.to is To.ACCOUNT_OWNER and account.user_id is not None:
            log = (*routed[row.id].reasons, *account.reasons)
            choices.append(Choice(row, account.user_id, How.ACCOUNT_OWNER, rule.name, None, log))
        else:
            one = _from_pool(row, routed[row.id], tables, turns, refused.get(row.id, ()))
            choices.append(replace(one, log=(*account.reasons, *one.log)) if account.reasons else one)
    return choices


def _from_pool(
    row: LeadRow,
    routed: Decision[Rule | None],
    tables: Mapping[str, seats.Table],
    turns: Mapping[str, rules.Rotation],
    refused_by: Collection[int],
) -> Choice:
    rule = routed.outcome
    if rule is None:
        raise Unavailable(
            problem="No routing rule takes this lead",
            field="routing",
            mend="Sign routing rules whose last one takes every lead",
        )
    pool = tables[rule.pool].pool
    turn = turns[rule.pool].choose(refused_by=refused_by)
    log = (*routed.reasons, *turn.reasons)
    if turn.outcome is None:
        why = Reason("fallback", f"user:{pool.fallback_id} stands in for the pool")
        return Choice(row, pool.fallback_id, How.FALLBACK, rule.name, pool.id, (*log, why))
    return Choice(row, turn.outcome.user_id, How.ROTATION, rule.name, pool.id, log)


def assign_by_hand(
    lead_ids: Iterable[int], *, user_id: int, terms: Terms, actor: Actor, now: datetime, skip_reason: str = ""
) -> list[Assigned]:
    """Hand leads over to somebody a person has named. Leads that are not ready to be are left alone."""
    why = Reason("by_hand", f"{actor} chose user:{user_id}")
    with transaction.atomic():
        choices = [Choice(row, user_id, How.BY_HAND, "", None, (why,)) for row in in_turn(set(lead_ids))]
        return hand_over(choices, None, skip_reason, terms, actor, now)


def hand_over(
    choices: Sequence[Choice], plan: Routing | None, skip_reason: str, terms: Terms, actor: Actor, now: datetime
) -> list[Assigned]:
    """Move the leads; whoever was moved meanwhile by somebody else is left to them, and no turn is spent."""
    moves = [
        Move(
            lead_id=choice.lead.id,
            to=Stage.ASSIGNED,
            owner_id=choice.user_id,
            exception_code="" if choice.lead.stage is Stage.QUALIFIED else skip_reason,
        )
        for choice in choices
    ]
    moved = {r.lead_id: r for r in leads.move(moves, terms=terms, actor=actor, now=now, skip_refused=True) if r.moved}
    done = [choice for choice in choices if choice.lead.id in moved]
    _spend(done, now)
    ids = _insert(done, plan.version if plan else None, now)
    record([_fact(c, ids[c.lead.id], plan, terms, now) for c in done], actor=actor)
    return [_answer(choice, moved[choice.lead.id], ids[choice.lead.id]) for choice in done]


def _answer(choice: Choice, result: MoveResult, assignment_id: int) -> Assigned:
    return Assigned(choice.lead.id, choice.user_id, choice.how, result.due_at, assignment_id)


def _spend(done: Sequence[Choice], now: datetime) -> None:
    """Count the turns of those who were really given a lead."""
    turns: dict[tuple[int, int], int] = {}
    for choice in done:
        if choice.how is How.ROTATION and choice.pool_id is not None:
            key = (choice.pool_id, choice.user_id)
            turns[key] = turns.get(key, 0) + 1
    seats.spend(turns, now)


def _insert(done: Sequence[Choice], version: int | None, now: datetime) -> dict[int, int]:
    drawn = [one for (one,) in fetch(_IDS, [len(done)])] if done else []
    rows = (_row(assignment_id, choice, version, now) for assignment_id, choice in zip(drawn, done, strict=True))
    copy("distribution_assignment", _COLUMNS, rows)
    return {choice.lead.id: assignment_id for assignment_id, choice in zip(drawn, done, strict=True)}


def _row(assignment_id: int, c: Choice, version: int | None, now: datetime) -> tuple[Any, ...]:
    log = orjson.dumps([reason.as_json() for reason in c.log]).decode()
    return assignment_id, c.lead.id, c.pool_id, c.user_id, c.lead.owner_id, version, c.rule, str(c.how), log, now


def _fact(choice: Choice, assignment_id: int, plan: Routing | None, terms: Terms, now: datetime) -> LeadAssigned:
    return LeadAssigned(
        happened_at=now,
        person_id=choice.lead.person_id,
        company_id=choice.lead.company_id,
        lead_id=choice.lead.id,
        programme_id=choice.lead.programme_id,
        agreement_version=terms.version,
        assignment_id=assignment_id,
        user_id=choice.user_id,
        from_user_id=choice.lead.owner_id,
        how=str(choice.how),
        rule=choice.rule,
        pool_id=choice.pool_id,
        routing_version=plan.version if plan else None,
    )
