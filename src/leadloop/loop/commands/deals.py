"""Opportunities: opened from leads, moved over the board, won with their money, lost with a reason per lead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from leadloop.agreement.queries import in_force
from leadloop.kernel.errors import Forbidden
from leadloop.loop.commands.desk import Done, Step, finished, step
from leadloop.platform.contracts import Viewer
from leadloop.selling import services as selling
from leadloop.selling.contracts import Deal, LineIn
from leadloop.selling.queries import opportunity, visible


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDeal:
    """A deal to be made of these leads. `amount` in minor units counts where there are no lines."""

    lead_ids: tuple[int, ...]
    name: str
    currency: str
    close_on: date
    next_step: str
    next_step_at: datetime
    primary: int | None = None
    company_id: int | None = None
    person_id: int | None = None
    amount: int | None = None
    lines: tuple[LineIn, ...] = ()


def open_deal(viewer: Viewer, deal: NewDeal, *, now: datetime) -> Done:
    """Make a deal of one or more leads; the viewer owns it."""
    with step(viewer, "open_deal", deal.lead_ids, now=now, undoable=False) as one:
        asked = {name: value for name, value in asdict(deal).items() if name != "lines"}
        opportunity_id = selling.open_opportunity(
            **asked, lines=deal.lines, owner_id=viewer.user_id, terms=in_force(), actor=one.actor, now=now
        )
        one.label = f"Opportunity opened: {deal.name}"
    return _with(finished(one), opportunity_id)


def move_deal(viewer: Viewer, opportunity_id: int, *, stage: str, position: float | None = None, now: datetime) -> Done:
    """Move a card on the board."""
    with _deal(viewer, "move_deal", opportunity_id, now) as (one, deal):
        selling.move_stage(opportunity_id, stage_key=stage, position=position, actor=one.actor, now=now)
        one.inverse = {"deal_stage": [opportunity_id, deal.row.stage, deal.row.position]}
        one.label = f"{deal.row.name} moved"
    return _with(finished(one), opportunity_id)


def change_deal(viewer: Viewer, opportunity_id: int, *, changes: Mapping[str, Any], now: datetime) -> Done:
    """Change amount, closing date, owner or next step."""
    with _deal(viewer, "change_deal", opportunity_id, now, undoable=False) as (one, deal):
        selling.change(opportunity_id, changes=changes, actor=one.actor, now=now)
        one.label = f"{deal.row.name} saved"
    return _with(finished(one), opportunity_id)


def win(viewer: Viewer, opportunity_id: int, *, closed_on: date | None = None, now: datetime) -> Done:
    """Win the deal: its money counts from the closing day, and every open linked lead is won."""
    with _deal(viewer, "win", opportunity_id, now) as (one, deal):
        selling.win(opportunity_id, closed_on=closed_on, terms=in_force(), actor=one.actor, now=now)
        one.inverse = {"reopen_deal": opportunity_id}
        one.label = f"Won: {deal.row.name}"
    return _with(finished(one), opportunity_id)


def lose(
    viewer: Viewer, opportunity_id: int, *, reason: str, outcomes: Mapping[int, str] | None = None, now: datetime
) -> Done:
    """Lose the deal; `outcomes` says per lead whether it is lost too or recycled, lost where nothing is said."""
    with _deal(viewer, "lose", opportunity_id, now) as (one, deal):
        fates = {link.lead_id: "lost" for link in deal.leads} | dict(outcomes or {})
        selling.lose(opportunity_id, reason=reason, outcomes=fates, terms=in_force(), actor=one.actor, now=now)
        one.inverse = {"reopen_deal": opportunity_id}
        one.label = f"Lost: {deal.row.name}"
    return _with(finished(one), opportunity_id)


@contextmanager
def _deal(
    viewer: Viewer, verb: str, opportunity_id: int, now: datetime, *, undoable: bool = True
) -> Iterator[tuple[Step, Deal]]:
    """A step on a deal that the viewer may edit. The right to the deal is the right to what it does to its leads."""
    deal = opportunity(viewer, opportunity_id)
    if opportunity_id not in visible(viewer, [opportunity_id], "edit"):
        raise Forbidden("You may see this deal but not change it", mend="Ask its owner or their manager")
    lead_ids = [link.lead_id for link in deal.leads]
    with step(viewer, verb, lead_ids, now=now, undoable=undoable, checked=True) as one:
        yield one, deal


def _with(done: Done, opportunity_id: int) -> Done:
    return replace(done, opportunity_id=opportunity_id)
