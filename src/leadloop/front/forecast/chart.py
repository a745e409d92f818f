"""The chart of the forecast: months past in ink, months to come with their range, the plan in dashes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from leadloop.front.cells import Piece, cell, heads
from leadloop.front.charts import Band, line_band
from leadloop.front.forecast.view import View
from leadloop.front.templatetags.ui import money_short
from leadloop.kernel.money import Money

LEGEND = (
    {"mark": "past", "words": "Won"},
    {"mark": "expected", "words": "P50"},
    {"mark": "range", "words": "P10 to P90"},
    {"mark": "plan", "words": "Plan"},
)


def band(view: View, past: Sequence[date]) -> dict[str, Any] | None:
    """Everything `parts/chart_frame.html` needs; None where nothing is foreseen."""
    ahead = [view.figures[month] for month in view.months if month in view.figures]
    ranges = [(one.p10, one.p50, one.p90) for one in ahead if one.p10 is not None]
    if not ranges:
        return None
    currency = view.us.currency
    won = [float(view.won_in(month)[0]) for month in past]
    low, middle, high = ([won[-1], *(float(one[i] or 0) for one in ranges)] for i in range(3))
    months = [*past, *(one.month for one in ahead)]
    plans = [view.plans.get((view.part.team_id, month)) for month in months]
    shown = [float(plan) for plan in plans if plan is not None] if all(plan is not None for plan in plans) else []
    words = (
        f"{view.part.name}: what was won in the last {len(past)} months, and what the next {len(ranges)} will bring. "
        f"{ahead[0].month:%B}: P50 {money_short(ahead[0].p50, currency)}, "
        f"P10 {money_short(ahead[0].p10, currency)}, P90 {money_short(ahead[0].p90, currency)}."
    )
    picture = line_band(
        [f"{month:%b}" for month in months],
        won,
        Band(middle, low, high),
        words,
        plan=shown,
        show=lambda value: money_short(round(value), currency),
    )
    return {"svg": picture, "legend": LEGEND if shown else LEGEND[:-1], "table": _table(view, past)}


def _table(view: View, past: Sequence[date]) -> dict[str, Any]:
    currency = view.us.currency

    def cells(month: date, *values: int | None) -> dict[str, Any]:
        plan = view.plans.get((view.part.team_id, month))
        return {"cells": [f"{month:%b %Y}", *(_amount(one, currency) for one in (*values, plan))]}

    ahead = [view.figures[month] for month in view.months if month in view.figures]
    return {
        "caption": "Won and foreseen by month",
        "columns": heads("Month", *((label, "money") for label in ("Won", "P10", "P50", "P90", "Plan"))),
        "rows": [
            *(cells(month, view.won_in(month)[0], None, None, None) for month in past),
            *(cells(one.month, one.won, one.p10, one.p50, one.p90) for one in ahead),
        ],
    }


def _amount(minor: int | None, currency: str) -> Piece:
    if minor is None:
        return cell(None, numeric=True)
    return cell(Money(minor, currency), text=money_short(minor, currency))
