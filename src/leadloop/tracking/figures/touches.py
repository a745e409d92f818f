"""Paths of the copy: the inquiries that led to each win, and those of leads that did not win."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import numpy as np

from leadloop.kernel.values import dataclass
from leadloop.tracking.attribution import (
    MARKOV,
    Ended,
    Exact,
    Packing,
    Paths,
    attribute,
    credit_to_the_cent,
    paths_of_exact,
    paths_of_packed,
)
from leadloop.tracking.attribution.paths import Whole
from leadloop.tracking.figures import moments
from leadloop.tracking.figures.contracts import Asked
from leadloop.tracking.figures.engine import Opened

UNKNOWN = 0  # stands for a touch of no programme; ids of programmes begin at 1


@dataclass(frozen=True, slots=True)
class Journeys:
    """Paths, the won ones among them, the programme of each channel by number (None: of none), and how many deals."""

    paths: Paths
    won: Paths
    programmes: tuple[int | None, ...]
    deals: int


def won(copy: Opened, asked: Asked) -> ir.Table:
    """One row for each lead that a won deal of the period came of, or one without a lead.

    A deal that several leads led to is one path and has a row for each of them. Columns: path, lead_id, ended_at,
    minor.
    """
    win = copy["win"]
    return win.filter(win.won_at >= asked.start, win.won_at < asked.end).select(
        path=win.opportunity_id, lead_id=win.lead_id, ended_at=win.won_at.cast("timestamp"), minor=win.base_minor
    )


def not_won(copy: Opened, asked: Asked, *, above: int) -> ir.Table:
    """One row for each lead opened in the period that no deal was ever won of: path, lead_id, ended_at.

    Numbers of their paths are `above` those of deals.
    """
    win, lead = copy["win"], copy["lead"]
    ever = win.filter(win.lead_id.notnull()).select("lead_id").distinct()
    rest = lead.filter(lead.opened_at >= asked.start, lead.opened_at < asked.end).anti_join(ever, "lead_id")
    ended = ibis.coalesce(rest.closed_at, ibis.literal(asked.now)).cast("timestamp")
    return rest.select(path=rest.lead_id + above, lead_id=rest.lead_id, ended_at=ended)


def touches(copy: Opened, path: ir.Table) -> ir.Table:
    """One row for each inquiry about buying of these paths' leads up to their end; later ones are left out.

    In no order: numpy puts millions of them in order sooner than an engine does.
    """
    inquiry = copy["inquiry"]
    asked_for = inquiry.filter(inquiry.kind == "sales").select(
        of_lead="lead_id", inquiry_id="inquiry_id", programme_id="programme_id", happened_at="happened_at"
    )
    joined = path.join(asked_for, [path.lead_id == asked_for.of_lead, asked_for.happened_at <= path.ended_at])
    return joined.select(
        path=joined.path,
        inquiry_id=joined.inquiry_id,
        programme=joined.programme_id.fill_null(UNKNOWN),
        happened_at=joined.happened_at,
    )


def journeys(copy: Opened, asked: Asked) -> Journeys:
    """The paths of the period, those of won deals first. Four statements; five where seconds don't tell an order."""
    deals = won(copy, asked)
    each = deals.group_by("path").aggregate(minor=deals.minor.max(), ended=moments.seconds(deals.ended_at).max())
    first = copy.columns(each.order_by("path"))
    leads = not_won(copy, asked, above=int(first["path"].max(initial=0)))
    then = copy.columns(leads.select("path", ended=moments.seconds(leads.ended_at)).order_by("path"))
    path, end = (np.concatenate((first[name], then[name])).astype(np.int64, copy=False) for name in ("path", "ended"))
    count, others = len(first["path"]), len(then["path"])
    ended = Ended(
        number=path,
        ended=end,
        won=np.arange(len(path)) < count,
        worth=np.concatenate((first["minor"].astype(np.int64), np.zeros(others, dtype=np.int64))),
    )
    found, met = _paths(copy, touches(copy, deals.drop("minor").union(leads)), ended)
    programmes = tuple(None if one == UNKNOWN else int(one) for one in met)
    return Journeys(found, found.only(found.wins != 0), programmes, count)


def _paths(copy: Opened, touch: ir.Table, ended: Ended) -> tuple[Paths, Whole]:
    packing = _packing(copy, ended)
    if packing is None:
        return paths_of_exact(_exact(copy, touch), ended)
    number = packing.pack(touch.path, moments.seconds(touch.happened_at), touch.programme)
    packed = copy.columns(touch.select(number=number))["number"].astype(np.int64, copy=False)

    def exact(path: Whole) -> Exact:
        return _exact(copy, touch.semi_join(ibis.memtable({"path": path}), "path"))

    return paths_of_packed(packed, packing, ended, exact)


def _packing(copy: Opened, ended: Ended) -> Packing | None:
    """No touch is before the first inquiry, or after the end of its path."""
    inquiry = copy["inquiry"]
    begin, channel = inquiry.happened_at.min(), inquiry.programme_id.max()
    (bounds,) = copy.rows(inquiry.aggregate(begin=moments.seconds(begin), channel=channel))
    return Packing.holding(
        path=int(ended.number.max(initial=0)),
        begin=bounds["begin"] or 0,
        until=int(ended.ended.max(initial=0)),
        channel=bounds["channel"] or UNKNOWN,
    )


def _exact(copy: Opened, touch: ir.Table) -> Exact:
    found = copy.columns(touch)
    return Exact(
        path=found["path"],
        channel=found["programme"],
        moment=found["happened_at"].astype("datetime64[us]", copy=False).view(np.int64),
        rank=found["inquiry_id"],
    )


def revenue_by_programme(found: Journeys, model: str) -> dict[int | None, int]:
    """Minor units of won revenue credited to each programme; None is what no programme brought. Adds up exactly."""
    credited, rest = credit_to_the_cent(_shared_out(found, model), model)
    by: dict[int | None, int] = {None: rest}
    for programme, minor in zip(found.programmes, credited, strict=False):
        by[programme] = by.get(programme, 0) + int(minor)
    return by


def wins_by_programme(found: Journeys, model: str) -> dict[int | None, float]:
    """Won deals credited to each programme, unrounded; None is what no programme brought."""
    by: dict[int | None, float] = {None: float(found.paths.wins[~found.paths.touched].sum())}
    for programme, wins in zip(found.programmes, attribute(_shared_out(found, model), model), strict=False):
        by[programme] = by.get(programme, 0.0) + float(wins)
    return by


def _shared_out(found: Journeys, model: str) -> Paths:
    """The paths a model looks at: only Markov learns from those that were not won, of which there are many times more.

    Channels have the same numbers in both.
    """
    return found.paths if model == MARKOV else found.won
