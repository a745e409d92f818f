"""Paths of the copy: the inquiries that led to each win, and those of leads that did not win."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from leadloop.kernel.values import dataclass
from leadloop.tracking.attribution import Chain, Legs, Paths, Touches, Won, attribute, credit_to_the_cent, walked
from leadloop.tracking.attribution.paths import Whole
from leadloop.tracking.figures.contracts import Asked
from leadloop.tracking.figures.engine import Opened

FEW = 50  # fewer leads than one for so many inquiries, and the engine picks theirs out
UNKNOWN = 0  # stands for a touch of no programme; ids of programmes begin at 1


@dataclass(frozen=True, slots=True)
class Journeys:
    """Paths of won deals, the chain of these and all others, and the programme of each channel (None: of none)."""

    won: Paths
    chain: Chain
    programmes: tuple[int | None, ...]

    @property
    def deals(self) -> int:
        """How many were won."""
        return len(self.won.worth)


def won(copy: Opened, asked: Asked) -> ir.Table:
    """One row for each lead that a won deal of the period came of, or one without a lead.

    A deal that several leads led to is one path and has a row for each of them. Columns: path, lead, until, minor.
    """
    win = copy["win"]
    return win.filter(win.won_at >= asked.start, win.won_at < asked.end).select(
        path=win.opportunity_id, lead=win.lead_id, until=win.won_at.cast("timestamp"), minor=win.base_minor
    )


def not_won(copy: Opened, asked: Asked) -> ir.Table:
    """One row for each lead opened in the period that no deal was ever won of: lead, until."""
    win, lead = copy["win"], copy["lead"]
    ever = win.filter(win.lead_id.notnull()).select("lead_id").distinct()
    rest = lead.filter(lead.opened_at >= asked.start, lead.opened_at < asked.end).anti_join(ever, "lead_id")
    ended = ibis.coalesce(rest.closed_at, ibis.literal(asked.now)).cast("timestamp")
    return rest.select(lead=rest.lead_id, until=ended)


def touches(copy: Opened) -> ir.Table:
    """One row for each inquiry about buying that is of a lead: lead, channel, moment; with the inquiry's own id.

    Of all leads and in no order: by the number of a lead numpy finds its path sooner than an engine joins it.
    """
    inquiry = copy["inquiry"]
    return inquiry.filter(inquiry.kind == "sales", inquiry.lead_id.notnull()).select(
        lead="lead_id", channel=inquiry.programme_id.fill_null(UNKNOWN), moment="happened_at", rank="inquiry_id"
    )


def journeys(copy: Opened, asked: Asked) -> Journeys:
    """The paths of the period. Four statements; five where seconds don't tell an order."""
    deals, touch = won(copy, asked), touches(copy)
    each = deals.group_by("path").aggregate(deals.minor.max().name("minor"), deals.until.max().name("until"))
    deal = copy.columns(each.order_by("path"))
    legs = _legs(copy, asked, deals, deal["path"])

    def of(leads: Whole) -> ir.Table:
        return touch.semi_join(ibis.memtable({"lead": np.unique(leads)}), "lead")

    def ranked(leads: Whole) -> tuple[Touches, Whole]:
        found = copy.columns(of(leads))
        return _touches(found), found["rank"]

    few = len(legs.lead) * FEW < copy.manifest.rows("inquiry")
    pieces = [_touches(piece) for piece in copy.pieces((of(legs.lead) if few else touch).drop("rank"))]
    found = walked(pieces, legs, Won(_micros(deal["until"]), deal["minor"].astype(np.int64)), ranked)
    return Journeys(found.won, found.chain, tuple(None if one == UNKNOWN else int(one) for one in found.met))


def _legs(copy: Opened, asked: Asked, deals: ir.Table, deal: Whole) -> Legs:
    """Paths of the deals, numbered as these ascend, then those of leads that were not won."""
    first = copy.columns(deals.filter(deals.lead.notnull()).select("path", "lead", "until"))
    then = copy.columns(not_won(copy, asked))
    return Legs(
        path=np.concatenate((deal.searchsorted(first["path"]), len(deal) + np.arange(len(then["lead"])))),
        lead=np.concatenate((first["lead"], then["lead"])).astype(np.int64, copy=False),
        until=np.concatenate((_micros(first["until"]), _micros(then["until"]))),
    )


def _touches(columns: dict[str, NDArray[Any]]) -> Touches:
    return Touches(columns["lead"], columns["channel"], _micros(columns["moment"]))


def _micros(moment: NDArray[Any]) -> Whole:
    """Microseconds since 1970."""
    return moment.astype("datetime64[us]", copy=False).view(np.int64)


def revenue_by_programme(found: Journeys, model: str) -> dict[int | None, int]:
    """Minor units of won revenue credited to each programme; None is what no programme brought. Adds up exactly."""
    credited, rest = credit_to_the_cent(found.won, model, chain=found.chain)
    by: dict[int | None, int] = {None: rest}
    for programme, minor in zip(found.programmes, credited, strict=False):
        by[programme] = by.get(programme, 0) + int(minor)
    return by


def wins_by_programme(found: Journeys, model: str) -> dict[int | None, float]:
    """Won deals credited to each programme, unrounded; None is what no programme brought."""
    by: dict[int | None, float] = {None: float(found.won.wins[~found.won.touched].sum())}
    for programme, wins in zip(found.programmes, attribute(found.won, model, chain=found.chain), strict=False):
        by[programme] = by.get(programme, 0.0) + float(wins)
    return by
