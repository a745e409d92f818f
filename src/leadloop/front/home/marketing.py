"""The marketer's day: what came in and what it cost, which sources make pipeline, what needs action."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, timedelta
from typing import Any

from leadloop.capture.contracts import BalanceRow, PortalRow
from leadloop.capture.queries import balance, portals, quarantine_size
from leadloop.front.charts import Series, stacked_bars
from leadloop.front.company.periods import before, last_days, rows_url
from leadloop.front.home.lists import Asked, address, filters
from leadloop.front.home.moment import Moment
from leadloop.front.home.part import (
    Piece,
    cause,
    cell,
    columns,
    counted,
    grown,
    line,
    panel,
    sentence,
    stat,
    table,
)
from leadloop.front.templatetags.ui import money, money_short
from leadloop.nurture.contracts import JourneyRow
from leadloop.nurture.queries import journeys
from leadloop.outreach.queries import sending
from leadloop.platform.queries import base_amounts
from leadloop.platform.roles import Capability as Can
from leadloop.programmes.queries import sources
from leadloop.selling.contracts import Tally
from leadloop.selling.queries import tally
from leadloop.tracking.contracts import FunnelStep, Period, Return, SourceFlow
from leadloop.tracking.queries import count, funnel, inquiries_by_week, returns, sources_to_pipeline

QUIET = 7  # days without a delivery
COMPARED = 28  # days before those in which it did deliver
WEEKS = 12


def marketing_page(at: Moment, days: int) -> Piece:
    """Everything the page needs, in a constant number of queries."""
    period = last_days(days, at.now, at.us.zone)
    came, earlier = _inquiries(period), _inquiries(before(period))
    made = tally(at.viewer, {
        "now": filters("deals-opened", at, Asked(days=days)),
        "then": filters("deals-opened", at, Asked(days=days, before=True)),
    }, now=at.now)[None]  # fmt: skip
    spent, spent_then = returns(period, zone=at.us.zone), returns(before(period), zone=at.us.zone)
    flows = sources_to_pipeline(period)
    action = _action(at)
    return {
        "sentence": _sentence(came, made["now"], action, at, days),
        "stats": _stats(at, period, days, (came, earlier), (spent, spent_then), made),
        "how": [
            "Inquiries: those about buying, further ones of open leads included. MQL: leads opened in the period that "
            "were qualified since. Cost per inquiry: the cost book of the period, shared costs included, divided by "
            "its inquiries. New pipeline: deals opened in the period. Each is compared with as many days before."
        ],
        "charts": [_weeks(period)],
        "main": [_sources(at, flows, period)],
        "side": [action, _journeys(journeys())],
    }


def _inquiries(period: Period) -> int:
    return count("capture.taken_in", {"start": period.start, "end": period.end})


def _sentence(came: int, made: Tally, action: Piece, at: Moment, days: int) -> Piece:
    waits = len(action["lines"] or [])
    then = cause(
        counted(waits, "thing needs", "things need") + " action, see below." if waits else "Nothing needs action."
    )
    words = f"came in within {days} days, and {money_short(made.minor, at.us.currency)} of new pipeline was made."
    figure = {
        "value": came,
        "url": rows_url("capture.taken_in", last_days(days, at.now, at.us.zone)),
        "label": counted(came, "inquiry", "inquiries"),
        "state": "",
    }
    return sentence(words, figure, then)


def _stats(
    at: Moment,
    period: Period,
    days: int,
    came: tuple[int, int],
    spent: tuple[Sequence[Return], Sequence[Return]],
    made: Mapping[str, Tally],
) -> list[Piece]:
    currency = at.us.currency
    mql, mql_then = _qualified(funnel(period)), _qualified(funnel(before(period)))
    cost, then = (sum(row.cost for row in rows) for rows in spent)
    each, each_then = (
        total / number if number and total else None for total, number in zip((cost, then), came, strict=True)
    )
    return [
        stat("Inquiries", f"{came[0]:,}", came[0], rows_url("capture.taken_in", period),
             delta=grown(came[0], came[1]), unit="%"),
        stat("MQL", f"{mql:,}", mql, rows_url("funnel.qualified", period), delta=grown(mql, mql_then), unit="%"),
        stat("Cost per inquiry", money_short(round(each), currency) if each else "no cost booked",
             delta=grown(each, each_then) if each and each_then else None, unit="%", better="down"),
        stat("New pipeline", money_short(made["now"].minor, currency), made["now"].count,
             address("deals-opened", days=days), delta=grown(made["now"].minor, made["then"].minor), unit="%"),
    ]  # fmt: skip


def _qualified(steps: Sequence[FunnelStep]) -> int:
    return next(step.leads for step in steps if step.measure == "funnel.qualified")


def _weeks(period: Period) -> Piece:
    starts = [period.end.astimezone(UTC) - timedelta(days=7 * back) for back in range(WEEKS, 0, -1)]
    weeks = [Period(start, start + timedelta(days=7)) for start in starts]
    counts, zone = inquiries_by_week(weeks), period.end.tzinfo
    names = [f"{start.astimezone(zone):%-d %b}" for start in starts]
    rows = [
        {"cells": [f"from {name}", cell("", number, rows_url("capture.taken_in", week))]}
        for name, number, week in zip(names, counts, weeks, strict=True)
    ]
    words = f"Inquiries in each of the last {WEEKS} weeks; {counts[-1]} in the newest, {counts[-2]} in the one before."
    return {
        "id": "weeks",
        "title": "Inquiries by week",
        "scope": f"the last {WEEKS} weeks",
        "svg": stacked_bars(names, [Series("inquiries", counts)], words),
        "legend": ({"mark": "0", "words": "inquiries about buying"},),
        "table": table("Inquiries by week", columns("Week", "Inquiries"), rows, ""),
    }


def _sources(at: Moment, flows: Sequence[SourceFlow], period: Period) -> Piece:
    called = sources()
    pieces = [(flow, minor, currency) for flow in flows for currency, minor in flow.made]
    worth = base_amounts([(minor, currency, at.today) for _, minor, currency in pieces]) if pieces else []
    sums: dict[int | None, int] = {}
    for (flow, _, _), minor in zip(pieces, worth, strict=True):
        sums[flow.source_id] = sums.get(flow.source_id, 0) + (minor or 0)
    missing = sorted({currency for (_, _, currency), minor in zip(pieces, worth, strict=True) if minor is None})
    rows = [
        {
            "cells": [
                called[flow.source_id].label if flow.source_id in called else "Not known",
                cell("", flow.leads, rows_url("source.leads", period, source=flow.source_id)),
                cell("", flow.deals, rows_url("source.deals", period, source=flow.source_id)),
                cell(money(sums.get(flow.source_id, 0), at.us.currency)),
            ]
        }
        for flow in sorted(flows, key=lambda one: -sums.get(one.source_id, 0))
    ]
    left_out = f" Deals in {', '.join(missing)} are left out: a rate is missing." if missing else ""
    return panel(
        "sources",
        "Sources and their pipeline",
        "of the period",
        table=table("Sources and their pipeline", columns("Source", "Leads", "Deals", "Pipeline"), rows,
                    "Nothing came in and no deal was opened in this period."),
        how="Leads: opened in the period, by the source of the first inquiry. Deals: opened in the period, by "
            "the source "
        f"of the lead that led to them. Pipeline: their amounts at today's rates, whatever became of them.{left_out}",
    )  # fmt: skip


def _action(at: Moment) -> Piece:
    """What waits for a person: quarantine, portals that fell quiet, mail that does not go out."""
    held = quarantine_size(viewer=at.viewer) if at.viewer.may(Can.QUARANTINE, "see") else 0
    lines: list[Piece] = []
    if held:
        lines.append(line(counted(held, "delivery in quarantine", "deliveries in quarantine"),
                          "can't be taken for inquiries as they are", "/quarantine", "risk", value=held))  # fmt: skip
    known = portals()
    came = balance(first=at.today - timedelta(days=QUIET + COMPARED - 1), last=at.today)
    for portal in _quiet(list(known.values()), came, at):
        url = f"/portals/{portal.id}" if at.viewer.may(Can.PORTALS, "see") else ""
        lines.append(line(f"Portal {portal.name} is quiet", f"nothing came in for {QUIET} days", url, "risk"))
    mail = sending(at.now)
    if mail.held:
        lines.append(line("No mail goes out", mail.held, "", "risk"))
    return panel(
        "action",
        "Needs action",
        lines=lines,
        words="Nothing: no delivery is in quarantine, every portal that was busy still is, and mail flows.",
        how=f"Quarantine: what you may see of it now. Quiet: a portal that is open and received something in "
        f"the {COMPARED} "
        f"days before, but nothing in the last {QUIET}.",
    )


def _quiet(known: Sequence[PortalRow], came: Sequence[BalanceRow], at: Moment) -> list[PortalRow]:
    edge = at.today - timedelta(days=QUIET - 1)
    lately = {row.portal_id for row in came if row.received and row.day >= edge}
    earlier = {row.portal_id for row in came if row.received and row.day < edge}
    return [portal for portal in known if portal.is_on and portal.id in earlier - lately]


def _journeys(known: Sequence[JourneyRow]) -> Piece:
    running = [one for one in known if one.published_at and not one.retired_at]
    lines = [
        line(
            f"{one.name}: {counted(one.waiting, 'lead', 'leads')} on it",
            _ended(one.ended),
            f"/home/rows/journey?journey={one.id}",
            value=one.waiting,
        )
        for one in running
    ]
    return panel(
        "journeys",
        "Journeys",
        lines=lines,
        words="No journey is published, so nobody is nurtured by mail.",
        how="Leads that wait at a step of the version in force now; beside it why leads have left it so far.",
    )


def _ended(ended: Mapping[str, Any]) -> str:
    words = [f"{number:,} {reason.replace('_', ' ')}" for reason, number in sorted(ended.items(), key=lambda x: -x[1])]
    return f"so far {', '.join(words[:3])}" if words else "nobody has left it yet"
