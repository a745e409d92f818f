"""Changing open deals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.selling.contracts import OpportunityRow
from leadloop.selling.facts import OpportunityChanged
from leadloop.selling.models import Line, Opportunity
from leadloop.selling.rules import TEXTS, Ground, clean, code, is_pushed
from leadloop.selling.services.days import day_of
from leadloop.selling.services.holding import Held, hold
from leadloop.selling.services.opening import team_of
from leadloop.selling.services.steps import promise_step
from leadloop.selling.sql import fetch

_STEP = {"next_step", "next_step_at"}


def change(opportunity_id: int, *, changes: Mapping[str, Any], actor: Actor, now: datetime) -> list[str]:
    """Change an open deal and return the names of the fields that really changed.

    `changes` may hold `name`, `amount` (minor units; not where lines say it), `close_on`, `owner_id`, `company_id`,
    `person_id`, `next_step`, `next_step_at` and `category`. A later closing date counts as pushed.
    A new next step is promised on the deal's leads as well. Raises Invalid naming the field, Refused for a closed deal.
    """
    with transaction.atomic():
        held = hold(opportunity_id)
        new = clean(changes, _ground(held.row, now))
        changed = {name: value for name, value in new.items() if value != _old(held.row, name)}
        if changed:
            _write(held, changed)
            _promise(held, changed, actor, now)
            record([_fact(held, changed, now)], actor=actor)
    return sorted(changed)


def hand_over_all(from_user: int, to_user: int, *, actor: Actor, now: datetime) -> int:
    """Give every open deal of somebody to a colleague and return their number. Raises Refused unless they work here."""
    with transaction.atomic():
        team_id = team_of(to_user)
        found = fetch(
            """
            with locked as materialized (
                select id from selling_opportunity where owner_id = %s and state = 'open'
                 order by id for no key update
            )
            update selling_opportunity o set owner_id = %s, team_id = %s from locked where o.id = locked.id
            returning o.id, o.company_id, o.person_id
            """,
            [from_user, to_user, team_id],
        )
        changes = {"owner_id": [str(from_user), str(to_user)]}
        facts = [
            OpportunityChanged(happened_at=now, opportunity_id=i, company_id=firm, person_id=person, changes=changes)
            for i, firm, person in sorted(found)
        ]
        record(facts, actor=actor)
    return len(found)


def _ground(row: OpportunityRow, now: datetime) -> Ground:
    return Ground(row.currency, Line.objects.filter(opportunity_id=row.id).exists(), day_of(now), now)


def _old(row: OpportunityRow, name: str) -> Any:
    return row.minor if name == "amount" else getattr(row, name)


def _write(held: Held, changed: Mapping[str, Any]) -> None:
    values = {"minor" if name == "amount" else name: value for name, value in changed.items()}
    if "owner_id" in changed:
        values["team_id"] = team_of(changed["owner_id"])
    if "close_on" in changed and is_pushed(held.row.close_on, changed["close_on"]):
        values["pushed"] = held.row.pushed + 1
    Opportunity.objects.filter(id=held.row.id).update(**values)


def _promise(held: Held, changed: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    at = changed.get("next_step_at", held.row.next_step_at)
    if at is not None and _STEP & changed.keys():
        note = changed.get("next_step", held.row.next_step)
        promise_step([lead.id for lead in held.owing], at=at, note=note, actor=actor, now=now)


def _fact(held: Held, changed: Mapping[str, Any], now: datetime) -> OpportunityChanged:
    delta = changed["amount"] - held.row.minor if "amount" in changed else None
    told = {name: [] if name in TEXTS else [code(_old(held.row, name)), code(new)] for name, new in changed.items()}
    currency = held.row.currency if delta is not None else None
    return OpportunityChanged(happened_at=now, **held.whose, amount=delta, currency=currency, changes=told)
