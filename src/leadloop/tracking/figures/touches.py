"""Paths of the copy: the inquiries that led to each win, and those of leads that did not win."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np

from leadloop.tracking.attribution import Paths, attribute, credit_to_the_cent, paths_of
from leadloop.tracking.attribution.paths import Whole
from leadloop.tracking.figures import moments
from leadloop.tracking.figures.contracts import Asked
from leadloop.tracking.figures.engine import Opened

UNKNOWN = 0  # stands for a touch of no programme; ids of programmes begin at 1
SECONDS_A_DAY, MICROSECONDS = 86_400, 1_000_000
TABLE_SIZE = 50_000_000  # numbers; 400 MB
RANK_BITS = 43  # of an inquiry's id; above them the part of a second at which it happened


@dataclass(frozen=True, slots=True)
class Journeys:
    """Paths, the programme of each channel by number (None: of no programme), and the deals of the won ones."""

    paths: Paths
    programmes: tuple[int | None, ...]
    deals: int


def ends(copy: Opened, asked: Asked) -> ir.Table:
    """One row for each path: `lead_id` and what came of it, won deals of the period and leads opened in it unwon.

    A deal that several leads led to has one row for each of them, all with its `deal_id`; one that no lead led to has
    no lead. Columns: lead_id, deal_id, ended_at, minor.
    """
    win, lead = copy["win"], copy["lead"]
    won = win.filter(win.won_at >= asked.start, win.won_at < asked.end).select(
        lead_id=win.lead_id, deal_id=win.opportunity_id, ended_at=win.won_at.cast("timestamp"), minor=win.base_minor
    )
    ever = win.filter(win.lead_id.notnull()).select("lead_id").distinct()
    not_won = lead.filter(lead.opened_at >= asked.start, lead.opened_at < asked.end).anti_join(ever, "lead_id")
    rest = not_won.select(
        lead_id=not_won.lead_id,
        deal_id=ibis.null("int64"),
        ended_at=ibis.coalesce(not_won.closed_at, ibis.literal(asked.now)).cast("timestamp"),
        minor=ibis.literal(0, "int64"),
    )
    return won.union(rest)


def touches(copy: Opened, asked: Asked) -> ir.Table:
    """One row for each inquiry about buying of those leads up to the end of their path; later ones are left out.

    In no order: numpy puts millions of them in order sooner than an engine does.
    """
    path, inquiry = ends(copy, asked), copy["inquiry"]
    asked_for = inquiry.filter(inquiry.kind == "sales").select(
        of_lead="lead_id", inquiry_id="inquiry_id", programme_id="programme_id", happened_at="happened_at"
    )
    joined = path.join(asked_for, [path.lead_id == asked_for.of_lead, asked_for.happened_at <= path.ended_at])
    key = ibis.coalesce(joined.deal_id * 2, joined.lead_id * 2 + 1)
    return joined.select(
        path=key,
        inquiry_id=joined.inquiry_id,
        programme=joined.programme_id.fill_null(UNKNOWN),
        happened_at=joined.happened_at,
    )


def journeys(copy: Opened, asked: Asked) -> Journeys:
    """The paths of the period. Two statements."""
    one = ends(copy, asked)
    key = ibis.coalesce(one.deal_id * 2, one.lead_id * 2 + 1)
    each = one.group_by(path=key).aggregate(
        minor=one.minor.max(), won=one.deal_id.notnull().any(), ended=moments.seconds(one.ended_at).max()
    )
    path = copy.columns(each.order_by("path"))
    touch = copy.columns(touches(copy, asked))
    programme = touch["programme"].astype(np.int64)
    programmes = np.flatnonzero(np.bincount(programme)) if len(programme) else programme
    moment = touch["happened_at"].astype("datetime64[us]").astype(np.int64)
    seconds, rest = np.divmod(moment, MICROSECONDS)
    found = paths_of(
        path=_places(path["path"].astype(np.int64), touch["path"].astype(np.int64)),
        channel=_places(programmes, programme),
        at=seconds / SECONDS_A_DAY,
        rank=rest << RANK_BITS | touch["inquiry_id"].astype(np.int64),
        ended=path["ended"].astype(np.float64) / SECONDS_A_DAY,
        won=path["won"].astype(np.float64),
        worth=path["minor"].astype(np.int64),
    )
    named = tuple(None if one == UNKNOWN else int(one) for one in programmes)
    return Journeys(found, named, int(path["won"].sum()))


def _places(keys: Whole, wanted: Whole) -> Whole:
    """Where each wanted number stands among the ascending keys, all of which are there. By a table where that is small:
    looking millions up in one is many times quicker than searching."""
    if not len(keys) or keys[-1] > TABLE_SIZE:
        return np.searchsorted(keys, wanted)
    table = np.zeros(int(keys[-1]) + 1, dtype=np.int64)
    table[keys] = np.arange(len(keys))
    return table[wanted]


def revenue_by_programme(found: Journeys, model: str) -> dict[int | None, int]:
    """Minor units of won revenue credited to each programme; None is what no programme brought. Adds up exactly."""
    credited, rest = credit_to_the_cent(found.paths, model)
    by: dict[int | None, int] = {None: rest}
    for programme, minor in zip(found.programmes, credited, strict=False):
        by[programme] = by.get(programme, 0) + int(minor)
    return by


def wins_by_programme(found: Journeys, model: str) -> dict[int | None, float]:
    """Won deals credited to each programme, unrounded; None is what no programme brought."""
    by: dict[int | None, float] = {None: float(found.paths.wins[~found.paths.touched].sum())}
    for programme, wins in zip(found.programmes, attribute(found.paths, model), strict=False):
        by[programme] = by.get(programme, 0.0) + float(wins)
    return by
