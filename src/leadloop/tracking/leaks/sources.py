"""The leads behind each leak, as Ibis expressions: who was treated well, who badly, and what came of it.

A row is a hand-over or a stay in a stage. Of several that went badly for one lead in one part of the loop only the last
is `affected`: a sale can be lost once. `alike` says among which rows well and badly treated ones may be compared.
"""

from __future__ import annotations

from datetime import timedelta

import ibis
import ibis.expr.types as ir

from leadloop.tracking.figures import moments
from leadloop.tracking.figures.contracts import Asked
from leadloop.tracking.figures.engine import Opened
from leadloop.tracking.measures import PARTS

HISTORY = timedelta(days=365)
IN_TIME_SECONDS = 86_400
GRACE = timedelta(days=1)  # a hand-over younger than this is not held against anybody
STUCK_DAYS = 30
RIPE_DAYS = 90  # after this long what came of a lead is taken as known, though it is still open
PART_OF = {stage: key for key, _, stages, _ in PARTS for stage in stages}


def handed(copy: Opened, asked: Asked) -> ir.Table:
    """Hand-overs of the year up to the end of the period, with the seconds to the first contact (null: none yet)."""
    year = Asked(asked.end - HISTORY, asked.end - GRACE, asked.first_day, asked.day_after, asked.now)
    entry, activity = copy["stage_entry"], copy["activity"]
    given = entry.filter(entry.stage == "assigned", entry.entered_at >= year.start, entry.entered_at < year.end).select(
        "lead_id", "event_id", "owner_id", "entered_at"
    )
    talked = activity.filter(activity.contacted).select(contact_lead=activity.lead_id, happened_at=activity.happened_at)
    after = given.join(
        talked, [given.lead_id == talked.contact_lead, talked.happened_at >= given.entered_at], how="left"
    )
    first = after.group_by(["lead_id", "event_id", "owner_id", "entered_at"]).aggregate(
        contacted_at=lambda t: t.happened_at.min()
    )
    return first.mutate(
        at=first.entered_at, seconds=moments.seconds(first.contacted_at) - moments.seconds(first.entered_at)
    )


def _unfollowed(copy: Opened, asked: Asked) -> ir.Table:
    rows = handed(copy, asked)
    return _judged(copy, asked, rows, badly=rows.seconds.isnull(), well=rows.seconds.notnull(), part="selling")


def _late(copy: Opened, asked: Asked) -> ir.Table:
    rows = handed(copy, asked).filter(lambda t: t.seconds.notnull())
    late = rows.seconds > IN_TIME_SECONDS
    return _judged(copy, asked, rows, badly=late, well=~late, part="selling")


def _rejected(copy: Opened, asked: Asked) -> ir.Table:
    given = copy["assignment"]
    given = given.filter(
        given.offered_at >= asked.end - HISTORY, given.offered_at < asked.end, given.settled_at.notnull()
    )
    rows = given.mutate(at=given.offered_at, owner_id=given.user_id)
    back = rows.state.isin(["rejected", "pulled_back"])
    return _judged(copy, asked, rows, badly=back, well=rows.state == "accepted", part="distribution")


def _stuck(copy: Opened, asked: Asked) -> ir.Table:
    """Stays in a stage: over after a month at most, or longer than that."""
    entry = copy["stage_entry"]
    order = ibis.window(group_by=entry.lead_id, order_by=[entry.entered_at, entry.event_id, entry.before])
    stay = entry.mutate(left_at=entry.entered_at.lead().over(order))
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
    return _judged(copy, asked, rows, badly=rows.long, well=~rows.long)


def _judged(
    copy: Opened, asked: Asked, rows: ir.Table, *, badly: ir.BooleanValue, well: ir.BooleanValue, part: str = ""
) -> ir.Table:
    """Rows with what came of their lead. `affected` are those treated badly in the period, each lead once.

    `ripe`: the lead is closed, or it was so long ago that what came of it is taken as known. Without `part` the rows
    are stays with a `part` of their own, and only those of one stage are alike. Won are leads that a deal was won for
    in the first place, so that a deal of several people counts once.
    """
    named = {"part": ibis.literal(part), "alike": ibis.literal(part)} if part else {"alike": rows.stage}
    marked = rows.mutate(is_bad=badly, is_well=well, **named)
    lead = copy["lead"].select(of_lead="lead_id", closed_at="closed_at")
    win = copy["win"]
    win = win.filter(win.is_primary).select(won_lead="lead_id").distinct()
    joined = marked.join(lead, marked.lead_id == lead.of_lead)
    joined = joined.left_join(win, joined.lead_id == win.won_lead)
    ripe = joined.closed_at.notnull() | (joined["at"] < asked.now - timedelta(days=RIPE_DAYS))
    found = joined.select(
        id=joined.lead_id,
        owner_id=joined.owner_id,
        part=joined.part,
        alike=joined.alike,
        at=joined["at"],
        bad_now=joined.is_bad & (joined["at"] >= asked.start) & (joined["at"] < asked.end),
        well=joined.is_well & ripe,
        badly=joined.is_bad & ripe,
        won=joined.won_lead.notnull(),
    )
    last = ibis.window(
        group_by=[found.id, found.part],
        order_by=[found.bad_now.cast("int64").desc(), found["at"].desc(), found.owner_id.desc()],
    )
    return found.mutate(affected=found.bad_now & (ibis.row_number().over(last) == 0)).drop("bad_now", "at")


LEAKS = {"unfollowed": _unfollowed, "late": _late, "rejected": _rejected, "stuck": _stuck}
