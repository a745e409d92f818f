"""The CFO's page: what can be booked, when the cash comes, how far forecasts were off, what marketing returned."""

from __future__ import annotations

from collections.abc import Sequence

from leadloop.front.company.periods import before, last_days, rows_url
from leadloop.front.forecast.page import forecast_page
from leadloop.front.forecast.reach import Part
from leadloop.front.home.moment import Moment
from leadloop.front.home.part import Piece, cell, columns, grown, panel, picked, stat, table
from leadloop.front.templatetags.ui import money, money_short, percent
from leadloop.programmes.queries import programmes
from leadloop.tracking.contracts import Period, Return
from leadloop.tracking.queries import returns

SHOWN = 8


def cfo_page(at: Moment, days: int) -> Piece:
    """Everything the page needs, in a constant number of queries."""
    foreseen = forecast_page(at.viewer, Part(None), at.month, us=at.us, now=at.now)
    period = last_days(days, at.now, at.us.zone)
    rows, earlier = returns(period, zone=at.us.zone), returns(before(period), zone=at.us.zone)
    chart = foreseen["chart"]
    unconverted = foreseen["unconverted"]
    left_out = f" Deals in {unconverted} are left out: a rate is missing." if unconverted else ""
    return {
        "sentence": foreseen["sentence"],
        "stats": [*picked(foreseen["stats"], "Won so far", "Plan", "Commit"), *_stats(at, rows, earlier, days)],
        "how": [
            "The forecast is that of the page Forecast. Marketing cost: the cost book of the period. Return: what was "
            "won minus the cost, divided by the cost, by the programme of the last inquiry before the win. Compared "
            "with as many days before."
        ],
        "grid": "even-columns",
        "main": [
            panel("months", "Forecast you can book", "by month", table=chart["table"] if chart else None,
                  words="There is no forecast to book by yet; the page Forecast says why.",
                  how=f"In one of ten months less than P10 comes, in one of ten more than P90.{left_out}",
                  more={"url": "/forecast", "label": "The whole forecast"}),
            panel("cash", "Cash by payment terms", "of deals won and foreseen", table=foreseen["cash"],
                  words="No cash is foreseen yet.",
                  how="One-off lines are invoiced at the win, recurring ones monthly; each is paid after the "
                      "days of its "
                  "term, thirty where none is given."),
        ],
        "side": [
            panel("record", "How good it has been", "every month that is over", table=foreseen["record"],
                  how="Bias: what was said over what came, minus one. MAPE: the mean miss in percent of what "
                      "came. Within: "
                  "months between P10 and P90, which should be 80 %."),
            _returns(at, rows, period, days),
        ],
    }  # fmt: skip


def _stats(at: Moment, rows: Sequence[Return], earlier: Sequence[Return], days: int) -> list[Piece]:
    cost, was = sum(row.cost for row in rows), sum(row.cost for row in earlier)
    revenue = sum(row.revenue for row in rows)
    shown = money_short(cost, at.us.currency) if cost else "none booked"
    back = percent((revenue - cost) / cost) if cost else "no cost booked"
    return [
        stat(f"Marketing cost, {days} d", shown, delta=grown(cost, was), unit="%", better="down"),
        stat("Its return", back),
    ]


def _returns(at: Moment, rows: Sequence[Return], period: Period, days: int) -> Piece:
    called, currency = programmes(), at.us.currency
    largest = sorted(rows, key=lambda row: (row.programme_id is None, -(row.cost + row.revenue)))
    shown = [
        {
            "cells": [
                called[row.programme_id].name if row.programme_id in called else "Not attributed",
                cell(money(row.cost, currency), row.cost_lines,
                     rows_url("programme.cost", period, programme=row.programme_id)),
                cell(money(row.revenue, currency), row.deals,
                     rows_url("programme.revenue", period, programme=row.programme_id)),
                cell(percent(row.roi) if row.roi is not None else "–"),
            ]
        }
        for row in largest[:SHOWN]
    ]  # fmt: skip
    return panel(
        "returns",
        "What marketing returned",
        f"the last {days} days",
        table=table("What marketing returned", columns("Programme", "Cost", "Won", "Return"), shown,
                    "Nothing was spent and nothing was won in this period."),
        more={"url": "/programmes", "label": "All programmes"},
        how="Won goes to the programme of the last inquiry before the win, so all rows together are the won revenue.",
    )  # fmt: skip
