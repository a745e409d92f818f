"""Opportunities: opened from leads, moved over the board, won with their money, lost with a reason per lead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from leadloop.agreement.queries import in_force
from leadloop.loop.commands.desk import Done, Step, finished, step
from leadloop.platform.contracts import Viewer
from leadloop.selling import queries as deals
from leadloop.selling import services as selling
from leadloop.selling.contracts import NewOpportunity


def open_deal(viewer: Viewer, deal: NewOpportunity, *, now: datetime) -> Done:
    """Make a deal of one or more leads."""
    with step(viewer, "open_deal", deal.lead_ids, now=now) as one:
        opportunity_id = selling.open_opportunity(deal, terms=in_force(), actor=one.actor, now=now)
        one.inverse = {"opportunity": selling.snapshot(opportunity_id), "withdraw_opportunity": opportunity_id}
        one.label = f"Opportunity opened: {deal.name}"
    return _with(finished(one), opportunity_id)


def move_deal(viewer: Viewer, opportunity_id: int, *, stage: str, position: float, now: datetime) -> Done:
    """Move a card on the board."""
    with _deal(viewer, "move_deal", opportunity_id, now) as one:
        selling.move_stage(opportunity_id, stage=stage, position=position, actor=one.actor, now=now)
        one.label = "Moved"
    return _with(finished(one), opportunity_id)


def change_deal(viewer: Viewer, opportunity_id: int, *, changes: Mapping[str, Any], now: datetime) -> Done:
    """Change amount, closing date, owner or next step."""
    with _deal(viewer, "change_deal", opportunity_id, now) as one:
        selling.change(opportunity_id, changes=changes, terms=in_force(), actor=one.actor, now=now)
        one.label = "Saved"
    return _with(finished(one), opportunity_id)


def win(viewer: Viewer, opportunity_id: int, *, closed_on: date, now: datetime) -> Done:
    """Win the deal: its money counts from the closing day, and every linked lead is won."""
    with _deal(viewer, "win", opportunity_id, now) as one:
        selling.win(opportunity_id, closed_on=closed_on, terms=in_force(), actor=one.actor, now=now)
        one.label = "Won"
    return _with(finished(one), opportunity_id)


def lose(
    viewer: Viewer,
    opportunity_id: int,
    *,
    reason: str,
    outcomes: Mapping[int, str] | None = None,
    closed_on: date,
    now: datetime,
) -> Done:
    """Lose the deal; `outcomes` says per lead whether it is lost too or recycled, lost where nothing is said."""
    with _deal(viewer, "lose", opportunity_id, now) as one:
        selling.lose(
            opportunity_id,
            reason=reason,
            outcomes=outcomes or {},
            closed_on=closed_on,
            terms=in_force(),
            actor=one.actor,
            now=now,
        )
        one.label = "Lost, with its reason"
    return _with(finished(one), opportunity_id)


@contextmanager
def _deal(viewer: Viewer, verb: str, opportunity_id: int, now: datetime) -> Iterator[Step]:
    """A step on the leads of a deal that the viewer may edit; its inverse puts the deal back too."""
    deal = deals.editable(viewer, opportunity_id)
    with transaction.atomic(), step(viewer, verb, deal.lead_ids, now=now) as one:
        before = selling.snapshot(opportunity_id)
        yield one
        one.inverse = {**one.inverse, "opportunity": before}


def _with(done: Done, opportunity_id: int) -> Done:
    return replace(done, opportunity_id=opportunity_id)
