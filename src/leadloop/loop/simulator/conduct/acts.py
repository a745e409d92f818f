"""Doing what people do to the rows in memory: the commands behind their pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from leadloop.distribution.services.assigning import READY
from leadloop.leads.contracts import Move, Stage
from leadloop.ledger.contracts import Actor, by_user, user_of
from leadloop.loop.commands.deals import NewDeal
from leadloop.loop.simulator.house import deals, handing, promising, working
from leadloop.loop.simulator.house.core import House
from leadloop.loop.simulator.house.moving import move
from leadloop.loop.simulator.house.promising import Asked
from leadloop.loop.simulator.house.rounds import drain
from leadloop.loop.simulator.house.state import Lead
from leadloop.selling.contracts import ActivityIn


def perform(house: House, user_id: int, verb: str, lead: Lead, args: Mapping[str, Any]) -> None:
    """Do one thing and all that follows from it."""
    VERBS[verb](house, lead, by_user(user_id), **args)
    drain(house)


def _qualify(house: House, lead: Lead, actor: Actor) -> None:
    move(house, lead, Move(lead_id=lead.id, to=Stage.QUALIFIED), actor=actor)


def _accept(house: House, lead: Lead, actor: Actor) -> None:
    handing.accept(house, lead, actor=actor)


def _reject(house: House, lead: Lead, actor: Actor, reason: str) -> None:
    handing.reject(house, lead, reason=reason, actor=actor)


def _disqualify(house: House, lead: Lead, actor: Actor, reason: str) -> None:
    handing.withdraw(house, lead, "disqualified")
    move(house, lead, Move(lead_id=lead.id, to=Stage.DISQUALIFIED, reason=reason), actor=actor)


def _recycle(house: House, lead: Lead, actor: Actor, reason: str, wake_days: int | None = None) -> None:
    handing.withdraw(house, lead, "recycled")
    days = wake_days or house.terms.clauses.reasons[reason].wake_days or 90
    due_at = house.now + timedelta(days=days)
    wanted = Move(lead_id=lead.id, to=Stage.NURTURING, reason=reason, promise="wake", due_at=due_at)
    move(house, lead, wanted, actor=actor)


def _snooze(house: House, lead: Lead, actor: Actor, until: datetime) -> None:
    owed = lead.owed[lead.due_kind]
    promising.change(house, lead, {}, [Asked(owed.kind, until, owed.note, owed.owner_id)], actor=actor)


def _assign(house: House, lead: Lead, actor: Actor, user_id: int) -> None:
    if lead.stage in READY:
        handing.assign_by_hand(house, lead, user_id, actor=actor, skip_reason="asked_for_sales")
    else:
        handing.own(house, lead, user_id, actor=actor)


def _log(house: House, lead: Lead, actor: Actor, entry: ActivityIn) -> None:
    working.log(house, lead, entry, actor=actor)


def _open_deal(house: House, lead: Lead, actor: Actor, deal: NewDeal, with_hands: tuple[int, ...]) -> None:
    leads = [lead, *(house.by_hand[number] for number in with_hands)]
    owner_id = user_of(actor)
    assert owner_id is not None
    asked = replace(deal, lead_ids=tuple(one.id for one in leads))
    deals.open_deal(house, leads, asked, owner_id, actor=actor)


def _move_deal(house: House, lead: Lead, actor: Actor, stage: str) -> None:
    assert lead.deal is not None
    deals.move_deal(house, lead.deal, stage, actor=actor)


def _put_off(house: House, lead: Lead, actor: Actor, close_on: date) -> None:
    assert lead.deal is not None
    deals.put_off(house, lead.deal, close_on, actor=actor)


def _win(house: House, lead: Lead, actor: Actor) -> None:
    assert lead.deal is not None
    deals.win(house, lead.deal, actor=actor)


def _lose(house: House, lead: Lead, actor: Actor, reason: str, *, recycled: bool, with_hands: tuple[int, ...]) -> None:
    assert lead.deal is not None
    assert tuple(one.hand for one in lead.deal.leads[1:]) == with_hands
    deals.lose(house, lead.deal, reason, recycled=recycled, actor=actor)


VERBS: Mapping[str, Callable[..., None]] = {
    "qualify": _qualify,
    "accept": _accept,
    "reject": _reject,
    "disqualify": _disqualify,
    "recycle": _recycle,
    "snooze": _snooze,
    "assign": _assign,
    "log": _log,
    "open_deal": _open_deal,
    "move_deal": _move_deal,
    "put_off": _put_off,
    "win": _win,
    "lose": _lose,
}
