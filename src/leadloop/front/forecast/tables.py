"""The tables of the forecast page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from leadloop.front.cells import Kind, Piece, cell, heads
from leadloop.front.forecast.deals import numeric
from leadloop.front.forecast.view import View
from leadloop.front.templatetags.ui import money_short, percent
from leadloop.kernel.money import Money
from leadloop.platform.contracts import UserRow
from leadloop.tracking.forecast import rules
from leadloop.tracking.forecast.accuracy import Accuracy, Point, accuracy, alike
from leadloop.tracking.forecast.contracts import FigureRow

_RANGE: tuple[tuple[str, Kind], ...] = (("Won", "money"), ("P10", "money"), ("P50", "money"), ("P90", "money"))
METHODS = {"model": "Model", "commit": "Commit", "stage_weighted": "Stage-weighted", "run_rate": "Run rate"}
AHEAD = {0: "First day", 1: "1 month early", 2: "2 months early"}


def people(view: View, staff: Sequence[UserRow]) -> dict[str, Any]:
    """Who says what of the month: won, commit with its adjustment, best case. Who is no part of it is out."""
    won = {user.id: (0, 0) for user in staff}
    for row in view.won:
        if row.month == view.month and row.owner_id in won:
            sums, deals = won[row.owner_id]
            won[row.owner_id] = (sums + row.minor, deals + row.deals)
    delta = {one.user_id: one.delta for one in view.adjusted if one.user_id is not None}
    rows = []
    for user in staff:
        said = view.submitted.get((user.id, view.month))
        minor, deals = won[user.id]
        if said is None and not deals and "salesperson" not in user.roles:
            continue
        after = said.commit + delta.get(user.id, 0) if said else None
        rows.append(
            {
                "cells": [
                    user.name,
                    cell(
                        Money(minor, view.us.currency),
                        value=deals,
                        url=f"/forecast/won?month={view.month:%Y-%m}&owner={user.id}",
                    ),
                    _amount(said.commit if said else None, view),
                    _amount(delta.get(user.id), view),
                    _amount(after, view),
                    _amount(said.best if said else None, view),
                    cell(said.at, view.us.zone, text=f"{said.at:%-d %b}") if said else "not yet",
                ]
            }
        )
    return {
        "caption": "Who says what",
        "columns": heads(
            "Who",
            ("Won", "money"),
            ("Commit", "money"),
            ("Adjusted by", "money"),
            ("Commit after", "money"),
            ("Best case", "money"),
            ("Said", "day"),
        ),
        "rows": rows,
        "empty": "Nobody has said anything yet.",
    }


def adjustments(view: View, people_named: Mapping[int, str], teams: Mapping[int, str]) -> list[dict[str, str]]:
    """The adjustments that stand, with who made them and why, of those the viewer sees."""
    shown = []
    for one in view.adjusted:
        whose = people_named.get(one.user_id or 0, "") if one.user_id else teams.get(one.team_id or 0, "")
        if whose and view.part.team_id in (None, one.team_id or view.part.team_id):
            amount = f"{'+' if one.delta > 0 else '−'}{money_short(abs(one.delta), view.us.currency)}"
            by = people_named.get(one.manager_id, "")
            shown.append({"whose": whose, "amount": amount, "note": one.note, "by": by, "at": f"{one.at:%-d %b}"})
    return shown


def breakdown(view: View, kind: str, called: Mapping[int, str], *, plans: bool = False) -> dict[str, Any] | None:
    """The month by team or by product; units beside products. None where nothing is foreseen."""
    found = [one for one in view.newest.of(kind) if one.month == view.month] if view.newest else []
    if not found:
        return None
    units = {one.key: one for one in view.newest.of("units") if one.month == view.month} if view.newest else {}
    last: tuple[str | tuple[str, Kind], ...] = (
        (("Plan", "money"), ("Gap", "money")) if plans else (("Units P50", "number"), "Units P10–P90")
    )
    rows = []
    for one in found:
        if plans:
            plan = view.plans.get((one.key, view.month))
            more = [_amount(plan, view), _amount(rules.gap(plan, one.p50 or 0), view)]
        else:
            count = units.get(one.key)
            more = [
                cell(count.p50 if count else None, numeric=True),
                numeric(f"{count.p10:,}–{count.p90:,}" if count else ""),
            ]
        url = f"/forecast?month={view.month:%Y-%m}&team={one.key}" if plans else ""
        rows.append({"url": url, "cells": [called.get(one.key, ""), *_range(one, view), *more]})
    first = "Team" if plans else "Product"
    return {
        "caption": f"By {first.lower()}",
        "columns": heads(first, *_RANGE, *last),
        "rows": rows,
    }


def cash(view: View) -> dict[str, Any] | None:
    """What comes in by month, by payment terms."""
    found = view.newest.of("cash") if view.newest else []
    if not found:
        return None
    rows = [{"cells": [f"{one.month:%b %Y}", *_range(one, view)]} for one in found]
    return {
        "caption": "Cash by month",
        "columns": heads("Month", ("From deals won", "money"), *_RANGE[1:]),
        "rows": rows,
    }


def quarters(view: View) -> dict[str, Any] | None:
    """The running fiscal quarter and the next."""
    found = view.newest.of("quarter") if view.newest else []
    if not found:
        return None
    start = view.us.fiscal_year_start
    rows = []
    for one in found:
        parts = [view.plans.get((None, month)) for month in rules.quarter_of(one.month, start)]
        plan = sum(part for part in parts if part is not None) if None not in parts else None
        gap = rules.gap(plan, one.p50 or 0)
        cells = [rules.fiscal_label(one.month, start), *_range(one, view), _amount(plan, view)]
        rows.append({"cells": [*cells, _amount(gap, view)]})
    return {
        "caption": "By fiscal quarter",
        "columns": heads("Quarter", *_RANGE, ("Plan", "money"), ("Gap", "money")),
        "rows": rows,
    }


def record(points: Sequence[Point]) -> dict[str, Any]:
    """How good every method has been, by how far ahead it was said."""
    same = alike(points)
    found = [accuracy(same, method, ahead) for method in METHODS for ahead in AHEAD]
    return {
        "caption": "The record",
        "columns": heads(
            "Method", "Said", ("Months", "number"), ("Bias", "share"), ("MAPE", "share"), ("Within P10–P90", "share")
        ),
        "rows": [{"cells": _record_cells(one)} for one in found if one.months],
        "empty": "No month that was foreseen is over yet.",
    }


def _record_cells(one: Accuracy) -> list[Any]:
    bias = "–" if one.bias is None else f"{one.bias:+.0%}".replace("%", "\u00a0%").replace("-", "−")
    ahead = AHEAD[one.ahead or 0]
    shares = ((one.bias, bias), (one.mape, percent(one.mape) or "–"), (one.coverage, percent(one.coverage) or "–"))
    cells = [cell(share, text=text, numeric=True) for share, text in shares]
    return [cell(METHODS[one.method], whole=True), cell(ahead, whole=True), cell(one.months), *cells]


def _range(one: FigureRow, view: View) -> list[dict[str, Any]]:
    return [_amount(value, view) for value in (one.won, one.p10, one.p50, one.p90)]


def _amount(minor: int | None, view: View) -> Piece:
    """An amount in short; a dash where nothing is known."""
    if minor is None:
        return cell(None, text="–", numeric=True)
    return cell(Money(minor, view.us.currency), text=money_short(minor, view.us.currency))
