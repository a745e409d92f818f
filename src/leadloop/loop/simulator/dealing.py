"""Deals: opened with lines, moved over the board, won or lost as the truth has it."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from leadloop.leads.contracts import LeadRow
from leadloop.loop import commands
from leadloop.loop.commands.deals import NewDeal
from leadloop.loop.simulator.company import FAMILIES, PRODUCTS, product_ids
from leadloop.loop.simulator.days import workday
from leadloop.loop.simulator.story import Pursued
from leadloop.loop.simulator.truth import Inquirer, Intent
from leadloop.platform.contracts import Viewer
from leadloop.selling.contracts import LineIn
from leadloop.selling.standard import PIPELINE

DOLLARS = Decimal("1.1")  # list prices in dollars, per euro
INTERESTS = {family.key: family.name.lower() for family in FAMILIES}
STAGES = [stage.key for stage in PIPELINE]
LOST_BECAUSE = ("price", "bought_elsewhere", "went_silent", "no_need")


def open_deal(viewer: Viewer, lead: LeadRow, known: Pursued, roll: Random, now: datetime) -> None:
    """Make a deal of a lead."""
    who = known.who
    deal = NewDeal(
        lead_ids=(lead.id,),
        name=f"{who.firm}, {INTERESTS[who.interest]}",
        currency=who.currency,
        close_on=(now + timedelta(days=roll.randint(20, 55))).date(),
        next_step=roll.choice(("Send the offer", "Visit the site", "Agree on the scope")),
        next_step_at=workday(now, (2, 6), roll),
        lines=_lines(who, roll),
    )
    known.deal_id, known.stage = commands.open_deal(viewer, deal, now=now).opportunity_id, 0


def go_on(viewer: Viewer, known: Pursued, roll: Random, now: datetime) -> None:
    """Perhaps one column further."""
    assert known.deal_id is not None
    if known.stage + 1 < len(STAGES) and roll.random() < 0.7:
        known.stage += 1
        commands.move_deal(viewer, known.deal_id, stage=STAGES[known.stage], now=now)


def is_decided(known: Pursued, roll: Random, now: datetime) -> bool:
    """Whether they decide now: in the last column, once their time has come; some say no earlier."""
    if not known.would_buy() and roll.random() < 0.12:
        return True
    days = (now - known.raised_at).days
    ripe = known.who.intent is not Intent.BUYING or days >= known.who.decides_in * 0.6
    return known.stage == len(STAGES) - 1 and ripe and roll.random() < 0.7


def close(viewer: Viewer, lead: LeadRow, known: Pursued, roll: Random, now: datetime) -> None:
    """Won or lost; some of the lost come back later."""
    assert known.deal_id is not None
    if known.would_buy():
        commands.win(viewer, known.deal_id, now=now)
    elif known.who.intent is Intent.LATER and roll.random() < 0.6:
        commands.lose(viewer, known.deal_id, reason="not_now", outcomes={lead.id: "recycled"}, now=now)
    else:
        commands.lose(viewer, known.deal_id, reason=roll.choice(LOST_BECAUSE), now=now)
    known.deal_id = None


def _lines(who: Inquirer, roll: Random) -> tuple[LineIn, ...]:
    """One or two products of the family they asked about, for about what they would spend."""
    ids = product_ids()
    fitting = [sku for sku, product in PRODUCTS.items() if product[1] == who.interest]
    chosen = roll.sample(fitting, min(len(fitting), roll.choice((1, 1, 2))))
    return tuple(_line(sku, ids[sku], who, len(chosen), roll) for sku in chosen)


def _line(sku: str, product_id: int, who: Inquirer, of: int, roll: Random) -> LineIn:
    name, _, _, euro, monthly = PRODUCTS[sku]
    unit = int(Decimal(euro) * DOLLARS) if who.currency == "USD" else euro
    months = roll.choice((12, 24, 36)) if monthly else None
    quantity = max(1, round(who.worth / of / (unit * (months or 1))))
    return LineIn(name=name, quantity=Decimal(quantity), unit_minor=unit, months=months, product_id=product_id)
