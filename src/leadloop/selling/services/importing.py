"""Deals that began elsewhere, with the dates they had: imported history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from leadloop.kernel.errors import Invalid
from leadloop.ledger.contracts import Actor
from leadloop.ledger.facts import Fact
from leadloop.ledger.services import record
from leadloop.platform.queries import base_amounts, company
from leadloop.selling.contracts import PastDeal, State
from leadloop.selling.facts import (
    OpportunityChanged,
    OpportunityLost,
    OpportunityMoved,
    OpportunityOpened,
    OpportunityWon,
)
from leadloop.selling.queries.stages import pipeline_stages
from leadloop.selling.services.closing import BOUGHT
from leadloop.selling.sql import columns, fetch, run

LOST_BEFORE = "imported_lost"

_DEALS = """
insert into selling_opportunity (source_key, name, company_id, person_id, owner_id, team_id, stage_id, stage_since,
       state, minor, currency, base_minor, close_on, next_step, next_step_at, position, opened_at, closed_at,
       close_reason)
select key, name, company_id, person_id, owner_id, team_id, stage_id, opened_at, state, minor, currency, base_minor,
       close_on, next_step, next_step_at, place, opened_at, closed_at, reason
  from unnest(%s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[],
              %s::timestamptz[], %s::text[], %s::bigint[], %s::text[], %s::bigint[], %s::date[], %s::text[],
              %s::timestamptz[], %s::timestamptz[], %s::text[])
       with ordinality as n (key, name, company_id, person_id, owner_id, team_id, stage_id, opened_at, state, minor,
                             currency, base_minor, close_on, next_step, next_step_at, closed_at, reason, place)
    on conflict (source_key) do nothing
returning source_key, id
"""
_LEADS = """
insert into selling_opportunitylead (opportunity_id, lead_id, is_primary)
select * from unnest(%s::bigint[], %s::bigint[], %s::boolean[])
"""
_LINES = """
insert into selling_line (opportunity_id, product_id, name, quantity, unit_minor)
select opportunity_id, product_id, name, 1, minor
  from unnest(%s::bigint[], %s::bigint[], %s::text[], %s::bigint[]) as n (opportunity_id, product_id, name, minor)
"""


def bring_in_deals(deals: Sequence[PastDeal], *, actor: Actor, now: datetime) -> dict[str, int]:
    """Write deals with their past and return the ids of those that are new, by key; known keys are left as they are.

    What happened is recorded with the day it happened; worth is counted at the rate of the closing day. Raises
    Invalid for amounts below zero, a closing day before the opening, an unknown column, or a missing rate, before
    anything is written. Eight queries.
    """
    stages = {stage.key: stage.id for stage in pipeline_stages()}
    for deal in deals:
        _check(deal, stages, now)
    worth = _worth([deal for deal in deals if deal.state is State.WON])
    with transaction.atomic():
        new = dict(fetch(_DEALS, columns(_row(deal, stages, worth) for deal in deals))) if deals else {}
        added = [deal for deal in deals if deal.key in new]
        if added:
            run(_LINES, columns((new[d.key], d.product_id, d.product_name, d.minor) for d in added))
            links = [(new[d.key], lead, place == 0) for d in added for place, lead in enumerate(d.lead_ids)]
            if links:
                run(_LEADS, columns(links))
            facts = [fact for deal in added for fact in _facts(deal, new[deal.key], worth, now)]
            record(sorted(facts, key=lambda fact: fact.happened_at), actor=actor)
    return new


def _check(deal: PastDeal, stages: Mapping[str, int], now: datetime) -> None:
    if deal.minor < 0 or deal.first_minor < 0:
        raise Invalid(f"{deal.key}: an amount is not below zero", field="amount", mend="Correct the row")
    if (deal.closed_at is None) is not (deal.state is State.OPEN):
        raise Invalid(f"{deal.key}: a closed deal has a closing day", field="closed_at", mend="Correct the row")
    if deal.closed_at is not None and not deal.opened_at <= deal.closed_at <= now:
        raise Invalid(f"{deal.key}: it was closed before it was opened", field="closed_at", mend="Correct the row")
    if deal.state is State.OPEN and (deal.next_step_at is None or not deal.next_step.strip()):
        raise Invalid(f"{deal.key}: an open deal needs a next step", field="next_step", mend="Say what comes next")
    if deal.stage not in stages:
        raise Invalid(f"{deal.key}: there is no column “{deal.stage}”", field="stage", mend="Choose from the board")


def _worth(won: Sequence[PastDeal]) -> dict[str, int]:
    """What each won deal is worth in the company's currency at the rate of its closing day."""
    zone = ZoneInfo(company().zone)
    days = [(deal.minor, deal.currency, (deal.closed_at or deal.opened_at).astimezone(zone).date()) for deal in won]
    found: dict[str, int] = {}
    for deal, (_, currency, day), base in zip(won, days, base_amounts(days), strict=True):
        if base is None:
            raise Invalid(
                f"There is no rate for {currency} on or before {day.isoformat()}",
                field="rate",
                mend="Enter the rate in the settings, then try again",
            )
        found[deal.key] = base
    return found


def _row(deal: PastDeal, stages: Mapping[str, int], worth: Mapping[str, int]) -> tuple[object, ...]:
    reason = {State.WON: BOUGHT, State.LOST: LOST_BEFORE, State.OPEN: ""}[deal.state]
    return (
        deal.key,
        deal.name,
        deal.company_id,
        deal.person_id,
        deal.owner_id,
        deal.team_id,
        stages[deal.stage],
        deal.opened_at,
        str(deal.state),
        deal.minor,
        deal.currency,
        worth.get(deal.key),
        deal.close_on,
        deal.next_step,
        deal.next_step_at,
        deal.closed_at,
        reason,
    )


def _facts(deal: PastDeal, deal_id: int, worth: Mapping[str, int], now: datetime) -> list[Fact]:
    """What happened, with its day. Stage and closing day are told only as known now: nobody knows what was said."""
    whose: dict[str, Any] = {
        "opportunity_id": deal_id,
        "company_id": deal.company_id,
        "person_id": deal.person_id,
        "lead_id": deal.lead_ids[0] if deal.lead_ids else None,
    }
    lead_ids = list(deal.lead_ids)
    money: dict[str, Any] = {"currency": deal.currency}
    opened = OpportunityOpened(
        happened_at=deal.opened_at,
        **whose,
        amount=deal.first_minor,
        **money,
        owner_id=deal.owner_id,
        stage="",
        close_on="",
        lead_ids=lead_ids,
    )
    told: list[Fact] = [opened]
    at = deal.closed_at or now
    if deal.minor != deal.first_minor:
        changes: dict[str, list[str]] = {"lines": [], "amount": [str(deal.first_minor), str(deal.minor)]}
        delta = deal.minor - deal.first_minor
        told.append(OpportunityChanged(happened_at=at, **whose, amount=delta, **money, changes=changes))
    if deal.state is State.OPEN:
        told.append(OpportunityMoved(happened_at=at, **whose, before="", after=deal.stage))
        return told
    day = deal.close_on.isoformat()
    more: dict[str, Any] = {"amount": deal.minor, **money, "closed_on": day}
    if deal.state is State.WON:
        won = OpportunityWon(
            happened_at=at, **whose, reason=BOUGHT, base_amount=worth[deal.key], lead_ids=lead_ids, **more
        )
        return [*told, won]
    return [*told, OpportunityLost(happened_at=at, **whose, reason=LOST_BEFORE, outcomes={}, **more)]
