"""The leads behind each leak, as Ibis expressions: who was treated well, who badly, and what came of it.

A row is a hand-over or a stay in a stage, of the year up to the end of the period, whenever that begins: what went
badly since then is its leak. `alike` says among which rows well and badly treated ones may be compared.
"""

from __future__ import annotations

from datetime import timedelta

import ibis
import ibis.expr.types as ir

from leadloop.tracking.figures import moments
from leadloop.tracking.figures.contracts import Asked
from leadloop.tracking.figures.engine import Opened
from leadloop.tracking.figures.sources import handovers
from leadloop.tracking.measures import PARTS

HISTORY = timedelta(days=365)
IN_TIME_SECONDS = 86_400
GRACE = timedelta(days=1)  # a hand-over younger than this is not held against anybody
STUCK_DAYS = 30
RIPE_DAYS = 90  # after this long what came of a lead is taken as known, though it is still open
PART_OF = {stage: key for key, _, stages, _ in PARTS for stage in stages}


def handed(copy: Opened, asked: Asked) -> ir.Table:
    """Hand-overs of the year up to the end of the period, with the seconds to the first contact (null: none yet)."""
    rows = handovers(copy)
    rows = rows.filter(rows.entered_at >= asked.end - HISTORY, rows.entered_at < asked.end - GRACE)
    seconds = moments.seconds(rows.contacted_at) - moments.seconds(rows.entered_at)
    return rows.mutate(at=rows.entered_at, seconds=seconds)


def _unfollowed(copy: Opened, asked: Asked) -> ir.Table:
    rows = handed(copy, asked)
    return _marked(rows, badly=rows.seconds.isnull(), well=rows.seconds.notnull(), part="selling")


def _late(copy: Opened, asked: Asked) -> ir.Table:
    rows = handed(copy, asked).filter(lambda t: t.seconds.notnull())
    late = rows.seconds > IN_TIME_SECONDS
    return _marked(rows, badly=late, well=~late, part="selling")


def _rejected(copy: Opened, asked: Asked) -> ir.Table:
    given = copy["assignment"]
    given = given.filter(
        given.offered_at >= asked.end - HISTORY, given.offered_at < asked.end, given.settled_at.notnull()
    )
    rows = given.mutate(at=given.offered_at, owner_id=given.user_id)
    back = rows.state.isin(["rejected", "pulled_back"])
    return _marked(rows, badly=back, well=rows.state == "accepted", part="distribution")


def _stuck(copy: Opened, asked: Asked) -> ir.Table:
    """Stays in a stage: over after a month at most, or longer than that."""
    stay = copy["stage_entry"]
    stay = stay.filter(
        stay.stage.isin(list(PART_OF)),
        stay.entered_at >= asked.end - HISTORY,
        stay.entered_at < asked.end - timedelta(days=STUCK_DAYS),
    )
    until = ibis.coalesce(stay.left_at, ibis.literal(asked.now))
    long = moments.seconds(until) - moments.seconds(stay.entered_at) > STUCK_DAYS * IN_TIME_SECONDS
    rows = stay.mutate(
        at=stay.entered_at + ibis.interval(days=STUCK_DAYS),
        part=stay.stage.cases(*PART_OF.items(), else_=""),
        long=long,
    )
    return _marked(rows, badly=rows.long, well=~rows.long)


def _marked(rows: ir.Table, *, badly: ir.BooleanValue, well: ir.BooleanValue, part: str = "") -> ir.Table:
    """Rows: id, owner_id, at, part, alike, is_bad, is_well. Without `part` they are stays with one of their own, and
    only those of one stage are alike."""
    named = {"part": ibis.literal(part), "alike": ibis.literal(part)} if part else {"alike": rows.stage}
    marked = rows.mutate(id=rows.lead_id, is_bad=badly, is_well=well, **named)
    return marked.select("id", "owner_id", "at", "part", "alike", "is_bad", "is_well")


def treated(copy: Opened, asked: Asked, rows: ir.Table) -> ir.Table:
    """By part and what is alike, how many were treated well and badly, and how many of each were won.

    Only ripe ones count: the lead is closed, or it was so long ago that what came of it is taken as known. Won are
    leads that a deal was won for in the first place, so that a deal of several people counts once.
    """
    lead, win = copy["lead"].select(of_lead="lead_id", closed_at="closed_at"), copy["win"]
    win = win.filter(win.is_primary).select(won_lead="lead_id").distinct()
    joined = rows.join(lead, rows.id == lead.of_lead)
    joined = joined.left_join(win, joined.id == win.won_lead)
    joined = joined.filter(joined.closed_at.notnull() | (joined["at"] < asked.now - timedelta(days=RIPE_DAYS)))
    won = joined.won_lead.notnull()
    return joined.group_by(["part", "alike"]).aggregate(
        well=number(joined.is_well),
        well_won=number(joined.is_well & won),
        badly=number(joined.is_bad),
        badly_won=number(joined.is_bad & won),
    )


def lost(rows: ir.Table) -> ir.Table:
    """The last row of each lead and part that went badly: a sale can be lost once."""
    bad = rows.filter(rows.is_bad)
    last = ibis.window(group_by=[bad.id, bad.part], order_by=[bad["at"].desc(), bad.owner_id.desc()])
    bad = bad.mutate(place=ibis.row_number().over(last))
    return bad.filter(bad.place == 0)


def number(flag: ir.BooleanValue) -> ir.Value:
    """How many rows the flag holds for."""
    return flag.cast("int64").sum()


LEAKS = {"unfollowed": _unfollowed, "late": _late, "rejected": _rejected, "stuck": _stuck}
