"""Opening a deal on pursuits, and linking further pursuits to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from leadloop.agreement.contracts import Terms
from leadloop.kernel.errors import Invalid, NotFound, Refused
from leadloop.kernel.money import Money
from leadloop.leads import services as leads
from leadloop.leads.contracts import LeadRow, Move, Stage
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.people.queries import people
from leadloop.platform.queries import users
from leadloop.selling.contracts import LineIn
from leadloop.selling.facts import OpportunityChanged, OpportunityOpened
from leadloop.selling.models import Opportunity, OpportunityLead
from leadloop.selling.rules import check_ahead, check_step, worth
from leadloop.selling.services.board import last_place, must_have, stage_of
from leadloop.selling.services.days import day_of
from leadloop.selling.services.holding import hold
from leadloop.selling.services.line_rows import check_lines, write_lines
from leadloop.selling.services.steps import promise_step


def open_opportunity(
    *,
    lead_ids: Collection[int],
    name: str,
    currency: str,
    close_on: date,
    next_step: str,
    next_step_at: datetime,
    terms: Terms,
    actor: Actor,
    now: datetime,
    primary: int | None = None,
    company_id: int | None = None,
    person_id: int | None = None,
    owner_id: int | None = None,
    lines: Sequence[LineIn] = (),
    amount: int | None = None,
    stage_key: str | None = None,
    skip_reason: str = "",
) -> int:
    """Open a deal on these leads and return its id; the leads come into the stage `opportunity`.

    `primary` names the lead that led to it (None: the first given). Company, person and owner are by default those
    of that lead. The amount, in minor units, is given or the sum of the lines. `skip_reason` is the coded reason for
    leads that were not in contact yet. A deal without leads is for imported history. Raises Invalid, naming the
    field, and Refused when a lead may not come that far. A constant number of queries.
    """
    if not name.strip():
        raise Invalid("The deal has no name", field="name", mend="Name it after what they need")
    check_step(next_step, next_step_at, now)
    minor = _minor(lines, amount, currency)
    wanted = list(dict.fromkeys(lead_ids))
    with transaction.atomic():
        check_ahead(close_on, day_of(now))
        linked = _leads(wanted)
        first = _primary(primary, wanted, linked)
        owner, team_id = _owner(owner_id, first)
        stage = stage_of(stage_key)
        deal = Opportunity.objects.create(
            name=name.strip(),
            company_id=company_id if company_id is not None or first is None else first.company_id,
            person_id=person_id if person_id is not None or first is None else first.person_id,
            owner_id=owner,
            team_id=team_id,
            stage_id=stage.id,
            stage_since=now,
            minor=minor,
            currency=currency,
            close_on=close_on,
            next_step=next_step.strip(),
            next_step_at=next_step_at,
            position=last_place(stage.id),
            opened_at=now,
        )
        write_lines(deal.id, lines)
        _link(deal.id, linked, first.id if first else None)
        held = hold(deal.id)
        must_have(stage, held.row)
        _bring(held.leads, next_step_at, skip_reason, terms, actor, now)
        promise_step(held.leads, at=next_step_at, note=next_step.strip(), actor=actor, now=now)
        opened = OpportunityOpened(
            happened_at=now,
            **held.whose,
            agreement_version=terms.version,
            amount=minor,
            currency=currency,
            owner_id=owner,
            stage=stage.key,
            close_on=close_on.isoformat(),
            lead_ids=sorted(linked),
        )
        record([opened], actor=actor)
    return int(deal.id)


def link_leads(
    opportunity_id: int,
    *,
    lead_ids: Collection[int],
    terms: Terms,
    actor: Actor,
    now: datetime,
    skip_reason: str = "",
) -> list[int]:
    """Link further leads to an open deal and return those that were not linked yet; they owe its next step too."""
    with transaction.atomic():
        wanted = _leads(sorted(set(lead_ids)))
        held = hold(opportunity_id)
        new = {lead_id: lead for lead_id, lead in wanted.items() if lead_id not in held.leads}
        if not new:
            return []
        _link(opportunity_id, new, None if held.links else min(new))
        at = max(held.row.next_step_at or now, now)
        _bring(new, at, skip_reason, terms, actor, now)
        promise_step(new, at=at, note=held.row.next_step, actor=actor, now=now)
        before, after = sorted(held.leads), sorted([*held.leads, *new])
        changes = {"leads": [",".join(map(str, before)), ",".join(map(str, after))]}
        fact = OpportunityChanged(happened_at=now, **held.whose, agreement_version=terms.version, changes=changes)
        record([fact], actor=actor)
    return sorted(new)


def _minor(lines: Sequence[LineIn], amount: int | None, currency: str) -> int:
    """The deal's amount; a deal that has lines is worth their sum."""
    check_lines(lines)
    if lines and amount is not None:
        raise Invalid("The amount is the sum of the lines", field="amount", mend="Give lines or an amount, not both")
    if not lines and amount is None:
        raise Invalid("What the deal is worth is missing", field="amount", mend="Give an estimate; you can change it")
    minor = worth(lines).tcv if lines else amount
    if minor is None or minor < 0:
        raise Invalid("An amount is not below zero", field="amount", mend="Give what they will pay")
    return Money(minor, currency).minor


def _leads(wanted: Sequence[int]) -> Mapping[int, LeadRow]:
    found = leads.lock(wanted)
    missing = sorted(set(wanted) - found.keys())
    if missing:
        raise NotFound(f"There is no lead {missing[0]}", field="lead_ids")
    return found


def _primary(primary: int | None, wanted: Sequence[int], linked: Mapping[int, LeadRow]) -> LeadRow | None:
    if primary is not None and primary not in linked:
        raise Invalid("The lead that led to the deal is none of its leads", field="primary", mend="Choose one of them")
    first = primary if primary is not None else next(iter(wanted), None)
    return linked[first] if first is not None else None


def _owner(owner_id: int | None, first: LeadRow | None) -> tuple[int, int | None]:
    """Who answers for the deal, and their team. One query."""
    wanted = owner_id if owner_id is not None else first.owner_id if first else None
    if wanted is None:
        raise Invalid("Nobody answers for the deal", field="owner_id", mend="Name somebody")
    return wanted, team_of(wanted)


def team_of(user_id: int) -> int | None:
    """The team of somebody who works here. Raises Refused for anybody else. One query."""
    found = users([user_id], active=True).get(user_id)
    if found is None:
        raise Refused("The new owner has no active account here", field="owner_id", mend="Choose a colleague")
    return found.team_id


def _link(opportunity_id: int, linked: Mapping[int, LeadRow], primary: int | None) -> None:
    roles = people([lead.person_id for lead in linked.values()])
    OpportunityLead.objects.bulk_create(
        OpportunityLead(
            opportunity_id=opportunity_id,
            lead_id=lead.id,
            role=roles[lead.person_id].buying_role if lead.person_id in roles else "unknown",
            is_primary=lead.id == primary,
        )
        for lead in linked.values()
    )


def _bring(
    linked: Mapping[int, LeadRow], due_at: datetime, skip_reason: str, terms: Terms, actor: Actor, now: datetime
) -> None:
    """Bring leads to the stage `opportunity`; those that stand there already stay."""
    moves = [
        Move(lead_id=lead.id, to=Stage.OPPORTUNITY, due_at=due_at, exception_code=skip_reason)
        for lead in linked.values()
        if lead.stage is not Stage.OPPORTUNITY
    ]
    leads.move(moves, terms=terms, actor=actor, now=now)
