"""The day of who answers for lead management: where the loop leaks, whose part it is, what nobody follows up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from leadloop.agreement.contracts import Terms
from leadloop.agreement.queries import in_force
from leadloop.capture.queries import quarantine_size
from leadloop.front.company.loop_page import span
from leadloop.front.company.periods import before, last_days, rows_url
from leadloop.front.home.moment import Moment
from leadloop.front.home.part import Piece, cause, cell, columns, counted, panel, points, sentence, stat, table
from leadloop.front.templatetags.ui import money, money_short, percent
from leadloop.platform.queries import names
from leadloop.platform.roles import Capability as Can
from leadloop.tracking.contracts import FollowUp, Period, Standing
from leadloop.tracking.queries import follow_up, loop_table


def flow_page(at: Moment, days: int) -> Piece:
    """Everything the page needs, in a constant number of queries."""
    period, terms = last_days(days, at.now, at.us.zone), in_force()
    parts = loop_table(period, terms=terms, now=at.now)
    earlier = {one.key: one for one in loop_table(before(period), terms=terms, now=at.now)}
    followed, then = follow_up(period), follow_up(before(period))
    staff = names({part.keeper_id for part in parts} | {row.user_id for row in followed if row.user_id})
    return {
        "sentence": _sentence(at, parts, staff, period),
        "stats": _stats(at, parts, earlier, followed[:1], then[:1], period),
        "how": [
            "Broken promises: those that fell due in the period and were not kept in time. Followed up: hand-overs of "
            "the period after which somebody spoke with the person or really wrote. Each is compared with as many days "
            "before; points are points of a hundred."
        ],
        "grid": "stack",
        "main": [_loop(at, parts, earlier, staff, terms, period), _late(followed[1:], staff, period)],
        "side": [],
    }


def _sentence(at: Moment, parts: Sequence[Standing], staff: Mapping[int, str], period: Period) -> Piece:
    late, leaking = sum(part.late_leads for part in parts), sum(part.leaking for part in parts)
    if not late:
        return sentence("Nothing is late: every open lead is within its promise.")
    worst = max(parts, key=lambda part: (part.leaking, part.late_leads))
    figure = {
        "value": worst.late_leads,
        "url": rows_url(f"loop.{worst.key}.late", period),
        "label": money_short(worst.leaking, at.us.currency),
        "state": "late",
    }
    whole = f"Of {money_short(leaking, at.us.currency)} in {counted(late, 'late lead', 'late leads')} altogether."
    more = cause(whole, "See the loop", "/loop", ".")
    return sentence(
        f"leaks in {worst.label.lower()}, which {staff.get(worst.keeper_id, 'nobody')} keeps.", figure, more
    )


def _stats(
    at: Moment,
    parts: Sequence[Standing],
    earlier: Mapping[str, Standing],
    now: Sequence[FollowUp],
    then: Sequence[FollowUp],
    period: Period,
) -> list[Piece]:
    shown = []
    if now:
        delta = points(now[0].rate, then[0].rate if then else None)
        shown = [
            stat("Followed up", percent(now[0].rate), now[0].contacted, rows_url("follow_up.contacted", period),
                 delta=delta, unit="points"),
            stat("Never followed up", f"{now[0].untouched:,}", now[0].untouched,
                 rows_url("follow_up.untouched", period)),
            stat("First contact, median", span(now[0].p50_seconds)),
        ]  # fmt: skip
    else:
        shown = [stat("Followed up", "nothing handed over")]
    broken, was = sum(part.broken for part in parts), sum(part.broken for part in earlier.values())
    shown.append(
        stat(
            "Broken promises", f"{broken:,}", broken, rows_url("loop.broken", period), delta=broken - was, better="down"
        )
    )
    if at.viewer.may(Can.QUARANTINE, "see"):
        held = quarantine_size(viewer=at.viewer)
        shown.append(stat("In quarantine", f"{held:,}", held, "/quarantine"))
    return shown


def _loop(
    at: Moment,
    parts: Sequence[Standing],
    earlier: Mapping[str, Standing],
    staff: Mapping[int, str],
    terms: Terms,
    period: Period,
) -> Piece:
    heads = columns("Part", "Keeper", "Promise", "Open", "Late", "Leaking", "Broken", "Kept", words=3)
    rows = [_part(at, part, earlier[part.key], staff, terms, period) for part in parts]
    return panel(
        "loop",
        "The parts of the loop",
        "open and late as of now",
        table=table("The parts of the loop", heads, rows, ""),
        how="Late: open leads whose next step is past its time. Leaking: their expected value. Broken and kept: "
        "promises of "
        "the part that fell due in the period; the share kept, with its change in points against the period before.",
    )


def _part(
    at: Moment, part: Standing, then: Standing, staff: Mapping[int, str], terms: Terms, period: Period
) -> dict[str, Any]:
    clause = terms.clauses.promises[part.promise]
    change = points(part.kept_rate, then.kept_rate)
    moved = "" if not change else f" ({'up' if change > 0 else 'down'} {abs(change)})"
    late = rows_url(f"loop.{part.key}.late", period)
    return {
        "cells": [
            part.label,
            staff.get(part.keeper_id, ""),
            f"{clause.label} within {clause.text()}",
            cell("", part.open_leads, rows_url(f"loop.{part.key}.open", period)),
            cell("", part.late_leads, late, "late" if part.late_leads else ""),
            cell(money(part.leaking, at.us.currency), part.late_leads, late),
            cell("", part.broken, rows_url(f"loop.{part.key}.broken", period), "risk" if part.broken else ""),
            cell(f"{percent(part.kept_rate)}{moved}", part.kept, rows_url(f"loop.{part.key}.kept", period))
            if part.kept_rate is not None
            else cell("none due"),
        ]
    }


def _late(rows: Sequence[FollowUp], staff: Mapping[int, str], period: Period) -> Piece:
    worst = sorted((row for row in rows if row.untouched), key=lambda row: -row.untouched)
    heads = columns("Who", "Handed over", "Never followed up", "Given back", "Pulled back", "First contact")
    shown = [
        {
            "cells": [
                staff.get(row.user_id or 0, ""),
                cell("", row.handed_over, rows_url("follow_up.handed_over", period, user=row.user_id)),
                cell("", row.untouched, rows_url("follow_up.untouched", period, user=row.user_id), "late"),
                cell(f"{row.rejected:,}"),
                cell(f"{row.pulled_back:,}"),
                cell(span(row.p50_seconds)),
            ]
        }
        for row in worst
    ]
    return panel(
        "untouched",
        "Who has hand-overs without any contact",
        table=table("Hand-overs without any contact", heads, shown, "") if shown else None,
        words="Every hand-over of the period was followed by a contact.",
        how="Hand-overs of the period by who got them; those never followed up have no contact until now. The "
        "most come first.",
    )
