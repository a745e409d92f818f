"""In contact: find out what it is, and make a deal of it or let it go."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from leadloop.leads.contracts import PromiseKind, Stage
from leadloop.loop.commands.deals import NewDeal
from leadloop.loop.simulator.company import goods
from leadloop.loop.simulator.conduct.early import CHIEF, entry, let_lie
from leadloop.loop.simulator.conduct.memory import Act, Pursued
from leadloop.loop.simulator.conduct.people import Desk, act
from leadloop.loop.simulator.conduct.timing import about, soon, uneven, workday
from leadloop.loop.simulator.house.state import Lead
from leadloop.loop.simulator.truth import Inquirer, Intent
from leadloop.selling.contracts import ActivityKind, LineIn

READY = {Intent.BUYING: 0.6, Intent.LATER: 0.22, Intent.CURIOUS: 0.06, Intent.NONE: 0.0}
INTERESTS = {family.key: family.name.lower() for family in goods.FAMILIES}
NOTES = (
    "Went through the requirements.",
    "They compare three suppliers; delivery time matters most.",
    "The old pumps are noisy and leak at the seal.",
    "Asked for a reference in their trade.",
    "Maintenance says downtime costs them more than the pump.",
)


def in_contact(desk: Desk, lead: Lead, known: Pursued, now: datetime) -> Act | None:
    """The next thing that is done once somebody was reached."""
    key, roll = desk.keys[lead.owner_id], known.roll
    calendar = desk.calendar(key)
    if desk.is_caller(key):
        at = soon(now, calendar, roll, minutes=75)
        return act(lead, at, key, "assign", user_id=desk.demo.staff[roll.choice(desk.demo.who.sellers)])
    if not desk.follows(known, key):
        return let_lie(lead, known, now)
    step = lead.owed.get(PromiseKind.NEXT_STEP)
    due_at = step.due_at if step else now + timedelta(days=1)
    at = about(due_at, now, calendar, roll, diligence=desk.diligence(key))
    known.contacts += 1
    if roll.random() < READY[known.who.intent] and not known.decided(at):
        return _deal(desk, lead, known, at, key)
    return _on(lead, known, at, key)


def _on(lead: Lead, known: Pursued, at: datetime, key: str) -> Act:
    """Talk on, put it off, or let it go."""
    roll, intent = known.roll, known.who.intent
    if intent is Intent.NONE:
        reason = roll.choice(("not_a_fit", "no_need", "competitor"))
        return act(lead, at, key, "disqualify", reason=reason)
    if known.decided(at) and intent is not Intent.CURIOUS:
        return act(lead, at, key, "disqualify", reason="no_need")
    if known.contacts < 2 or intent is Intent.BUYING:
        kind, outcome = roll.choice(
            ((ActivityKind.MEETING, "held"), (ActivityKind.MAIL, "sent"), (ActivityKind.CALL, "talked"))
        )
        known.met = known.met or kind is ActivityKind.MEETING
        step_at = workday(at, (3, 8), roll)
        logged = entry(lead, known, kind, outcome, roll.choice(NOTES), step_at, "Talk about the next steps")
        return act(lead, at, key, "log", entry=logged)
    if intent is Intent.CURIOUS and roll.random() < 0.5:
        return act(lead, at, key, "disqualify", reason="no_need")
    return act(lead, at, key, "recycle", reason="not_now", wake_days=roll.randint(25, 90))


def _deal(desk: Desk, lead: Lead, known: Pursued, at: datetime, key: str) -> Act:
    """Make a deal of it. Others of the same project whom a colleague speaks with are brought together first."""
    apart = _partners(desk, lead, same_owner=False)
    if apart:
        before = uneven(at - timedelta(minutes=25), known.roll)
        return Act(before, CHIEF, "assign", apart[0], {"user_id": lead.owner_id}, then=lead)
    deal = NewDeal(
        lead_ids=(),
        name=f"{known.who.firm}, {INTERESTS[known.who.interest]}",
        currency=known.who.currency,
        close_on=(at + timedelta(days=known.roll.randint(20, 60))).date(),
        next_step=known.roll.choice(("Send the offer", "Visit the site", "Agree on the scope")),
        next_step_at=workday(at, (2, 6), known.roll),
        lines=lines_of(desk, known.who, known.roll),
    )
    return act(lead, at, key, "open_deal", deal=deal, with_hands=())


def partners(desk: Desk, lead: Lead) -> tuple[int, ...]:
    """The hands of those who join a deal on this lead: of its project, and in contact with the same salesperson."""
    return tuple(one.hand for one in _partners(desk, lead, same_owner=True))


def _partners(desk: Desk, lead: Lead, *, same_owner: bool) -> list[Lead]:
    return [
        one
        for one in desk.together(lead)
        if one is not lead and one.stage is Stage.WORKING and (one.owner_id == lead.owner_id) is same_owner
    ]


def lines_of(desk: Desk, who: Inquirer, roll: Random) -> tuple[LineIn, ...]:
    """One or two products of the family they asked about, for about what they would spend."""
    fitting = [sku for sku, good in goods.PRODUCTS.items() if good.family == who.interest]
    chosen = roll.sample(fitting, min(len(fitting), roll.choice((1, 1, 2))))
    return tuple(_line(desk, sku, who, len(chosen), roll) for sku in chosen)


def _line(desk: Desk, sku: str, who: Inquirer, of: int, roll: Random) -> LineIn:
    good, unit = goods.PRODUCTS[sku], goods.price(sku, who.currency)
    months = roll.choice((12, 24, 36)) if good.monthly else None
    unit = int(unit * roll.choice((1, 1, 1, 0.95, 0.9)))
    return LineIn(
        name=good.name,
        quantity=Decimal(max(1, round(who.worth / of / (unit * (months or 1))))),
        unit_minor=unit,
        months=months,
        product_id=desk.around.products[sku],
        terms_id=desk.around.payment[roll.choice(("net30", "net30", "net60", "net14"))],
    )
