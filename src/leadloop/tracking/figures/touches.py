"""Paths of the copy: the inquiries that led to each win, and those of leads that did not win."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from leadloop.kernel.values import dataclass
from leadloop.tracking.attribution import MARKOV, Paths, attribute, credit_to_the_cent, paths_of_moments
from leadloop.tracking.attribution.paths import Whole
from leadloop.tracking.figures import moments
from leadloop.tracking.figures.contracts import Asked
from leadloop.tracking.figures.engine import Opened

UNKNOWN = 0  # stands for a touch of no programme; ids of programmes begin at 1
TABLE_SIZE = 100_000_000  # numbers; 400 MB


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
        path=win.opportunity_id * 2, lead_id=win.lead_id, ended_at=win.won_at.cast("timestamp"), minor=win.base_minor
    )


def not_won(copy: Opened, asked: Asked) -> ir.Table:
    """One row for each lead opened in the period that no deal was ever won of: path, lead_id, ended_at."""
    win, lead = copy["win"], copy["lead"]
    ever = win.filter(win.lead_id.notnull()).select("lead_id").distinct()
    rest = lead.filter(lead.opened_at >= asked.start, lead.opened_at < asked.end).anti_join(ever, "lead_id")
    ended = ibis.coalesce(rest.closed_at, ibis.literal(asked.now)).cast("timestamp")
    return rest.select(path=rest.lead_id * 2 + 1, lead_id=rest.lead_id, ended_at=ended)


def touches(copy: Opened, asked: Asked) -> ir.Table:
    """One row for each inquiry about buying of those leads up to the end of their path; later ones are left out.

    In no order: numpy puts millions of them in order sooner than an engine does.
    """
    path, inquiry = won(copy, asked).drop("minor").union(not_won(copy, asked)), copy["inquiry"]
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
    """The paths of the period, those of won deals first. Three statements."""
    deals, leads = won(copy, asked), not_won(copy, asked)
    each = deals.group_by("path").aggregate(minor=deals.minor.max(), ended=moments.seconds(deals.ended_at).max())
    ended = [copy.columns(each.order_by("path"))]
    ended.append(copy.columns(leads.select("path", ended=moments.seconds(leads.ended_at)).order_by("path")))
    path, end = (np.concatenate([one[name].astype(np.int64) for one in ended]) for name in ("path", "ended"))
    touch = copy.columns(touches(copy, asked))
    programme = touch["programme"]
    programmes = np.flatnonzero(np.bincount(programme)) if len(programme) else programme
    count = len(ended[0]["path"])
    found = paths_of_moments(
        path=_places(path, touch["path"]),
        channel=_places(programmes, programme),
        moment=touch["happened_at"].astype("datetime64[us]", copy=False).view(np.int64),
        rank=touch["inquiry_id"],
        ended=end,
        won=np.arange(len(path)) < count,
        worth=np.concatenate((ended[0]["minor"].astype(np.int64), np.zeros(len(path) - count, dtype=np.int64))),
    )
    known = tuple(None if one == UNKNOWN else int(one) for one in programmes)
    return Journeys(found, found.only(found.wins != 0), known, count)


def _places(keys: Whole, wanted: Whole) -> NDArray[np.integer]:
    """Where each wanted number stands among the keys, all of which are there, each once. By a table where that is
    small: looking millions up in one is many times quicker than searching."""
    if not len(keys) or keys.max() > TABLE_SIZE:
        order = np.argsort(keys)
        return order[np.searchsorted(keys, wanted, sorter=order)]
    table = np.zeros(int(keys.max()) + 1, dtype=np.int32)
    table[keys] = np.arange(len(keys), dtype=np.int32)
    return table[wanted]


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
