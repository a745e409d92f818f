"""Deals and what was done, joined with the people and companies they were about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from leadloop.kernel.errors import Invalid
from leadloop.kernel.money import CURRENCIES, Money
from leadloop.leads.contracts import LeadRow
from leadloop.leads.queries import latest_of
from leadloop.ledger.contracts import Actor
from leadloop.loop.from_crm.around import Owners
from leadloop.loop.from_crm.shapes import Brought, Deal, Doing, Export, Left
from leadloop.loop.past_deals.meaning import PLACES, squeezed
from leadloop.people.queries import by_external
from leadloop.platform.queries import base_amounts, company
from leadloop.selling.contracts import ActivityKind, PastActivity, PastDeal, StageRow, State
from leadloop.selling.queries import by_source, pipeline_stages
from leadloop.selling.services import bring_in_activities, bring_in_deals

USUAL = timedelta(days=60)
LONGEST = 4000
Found = Mapping[str, LeadRow]  # the lead of a human, by every number of theirs


def persons_of(export: Export, system: str) -> dict[str, LeadRow]:
    """The newest lead of everybody in the export who has one, by each number under which files name them."""
    persons = by_external(system, list(export.humans))
    leads = latest_of(set(persons.values()))
    found = {key: leads[person] for key, person in persons.items() if person in leads}
    return found | {other: found[key] for other, key in export.aliases().items() if key in found}


def bring_deals(
    export: Export,
    firms: Mapping[str, int],
    users: Owners,
    found: Found,
    brought: Brought,
    *,
    actor: Actor,
    now: datetime,
) -> dict[str, int]:
    """Bring the deals in and return their ids by key; those that can't be are left, with the reason."""
    board, currency = pipeline_stages(), company().currency
    of_lead = {human.deal: human.key for human in export.humans.values() if human.deal}
    made: list[PastDeal] = []
    for deal in export.deals.values():
        try:
            keys = [*deal.humans, of_lead.get(deal.key, "")]
            leads = {found[key].id: found[key] for key in keys if key in found}
            made.append(_past(export.system, deal, firms, users, leads, board, currency, now))
        except Invalid as wrong:
            export.left.append(Left("deals", deal.key, wrong.problem))
        else:
            _note_missing(export, deal, users, leads)
    made = _with_rates(export, made)
    new = bring_in_deals(made, actor=actor, now=now)
    brought.new["deals"], brought.known["deals"] = len(new), len(made) - len(new)
    return by_source([one.key for one in made])


def _past(
    system: str,
    deal: Deal,
    firms: Mapping[str, int],
    users: Owners,
    leads: Mapping[int, LeadRow],
    board: list[StageRow],
    currency: str,
    now: datetime,
) -> PastDeal:
    state = State.WON if deal.is_won else State.LOST if deal.is_closed else State.OPEN
    closed = min(deal.closed, now) if deal.closed else None
    if state is not State.OPEN and closed is None:
        raise Invalid("it is closed and says no closing day", field="closed")
    opened = min(one for one in (deal.opened, closed, now) if one is not None)
    first = next(iter(leads.values()), None)
    owner, team = users.get(deal.owner) or users[""]
    worth = _worth(deal, currency)
    return PastDeal(
        key=source_key(system, deal.key),
        name=deal.name or f"Deal {deal.key}",
        owner_id=owner,
        team_id=team,
        company_id=firms.get(deal.account) or (first.company_id if first else None),
        person_id=first.person_id if first else None,
        opened_at=opened,
        state=state,
        closed_at=closed,
        close_on=deal.close_on or (opened + USUAL).date(),
        stage=_column(deal.stage, state, board),
        first_minor=worth.minor,
        minor=worth.minor,
        currency=worth.currency,
        product_id=None,
        product_name=deal.name or "Not said",
        next_step="Look at this imported deal" if state is State.OPEN else "",
        next_step_at=now + timedelta(days=1) if state is State.OPEN else None,
        lead_ids=tuple(leads),
    )


def _worth(deal: Deal, currency: str) -> Money:
    of = deal.currency.upper() or currency
    if of not in CURRENCIES:
        raise Invalid(f"{of} is no currency", field="currency")
    worth = Money.parse(deal.amount, of, "1234.56") if deal.amount else Money(0, of)
    if worth.minor < 0:
        raise Invalid("its amount is below zero", field="amount")
    return worth


def _column(stage: str, state: State, board: list[StageRow]) -> str:
    """The column of the board: of the same name, or where other systems have one of this name, else the first."""
    if state is not State.OPEN:
        return board[-1 if state is State.WON else 0].key
    by_name = {squeezed(name): one for one in board for name in (one.key, one.label)}
    found = by_name.get(squeezed(stage))
    place = next((place for word, place in PLACES.items() if word in squeezed(stage)), 0)
    return (found or board[min(place, len(board) - 1)]).key


def _note_missing(export: Export, deal: Deal, users: Owners, leads: Mapping[int, LeadRow]) -> None:
    """What of a deal that came in did not come with it."""
    if deal.humans and not leads:
        export.left.append(Left("links of deals", deal.key, "none of its people came in"))
    if deal.owner and deal.owner not in users:
        export.left.append(Left("owners of deals", deal.key, f"nobody here is {_named(export, deal.owner)}"))


def _named(export: Export, owner: str) -> str:
    name, address = export.owners.get(owner, ("", ""))
    return name or address or owner


def _with_rates(export: Export, made: list[PastDeal]) -> list[PastDeal]:
    """Those whose worth can be told in the company's currency at the rate of their closing day."""
    won = [one for one in made if one.state is State.WON]
    bases = base_amounts([(one.minor, one.currency, one.close_on) for one in won])
    without = {one.key for one, base in zip(won, bases, strict=True) if base is None}
    export.left.extend(
        Left("deals", one.key, f"there is no rate for {one.currency} on {one.close_on.isoformat()}")
        for one in won
        if one.key in without
    )
    return [one for one in made if one.key not in without]


def bring_doings(
    export: Export,
    deal_ids: Mapping[str, int],
    users: Owners,
    found: Found,
    brought: Brought,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Bring in what was done, on the leads of those it was done with, or of the first person of its deal."""
    made: list[PastActivity] = []
    for one in export.doings:
        lead = found.get(one.human) or _of_deal(export, one, found)
        if lead is None:
            why = f"nobody who came in has the number {one.human}" if one.human else "it names nobody"
            export.left.append(Left("activities", one.key, why))
        elif one.at > now:
            export.left.append(Left("activities", one.key, "it lies ahead: enter it as a next step"))
        else:
            made.append(_activity(export.system, one, lead, users, deal_ids))
    new = bring_in_activities(made, actor=actor)
    brought.new["activities"], brought.known["activities"] = len(new), len(made) - len(new)


def _of_deal(export: Export, one: Doing, found: Found) -> LeadRow | None:
    deal = export.deals.get(one.deal)
    return next((found[key] for key in deal.humans if key in found), None) if deal else None


def _activity(system: str, one: Doing, lead: LeadRow, users: Owners, deal_ids: Mapping[str, int]) -> PastActivity:
    return PastActivity(
        key=source_key(system, one.key),
        lead_id=lead.id,
        person_id=lead.person_id,
        opportunity_id=deal_ids.get(source_key(system, one.deal)),
        user_id=(users.get(one.owner) or users[""])[0],
        kind=ActivityKind(one.kind),
        outcome=one.outcome,
        note=one.says[:LONGEST],
        minutes=one.minutes,
        happened_at=one.at,
    )


def source_key(system: str, key: str) -> str:
    """What tells a row of one system from a row of another."""
    return f"{system}:{key}"
