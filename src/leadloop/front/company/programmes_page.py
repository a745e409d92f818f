"""Programmes: what each cost and what came back, every figure with its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from leadloop.front.cells import Piece, cell, heads
from leadloop.front.company.periods import rows_url
from leadloop.front.templatetags.ui import money, percent
from leadloop.kernel.money import Money
from leadloop.platform.queries import names
from leadloop.programmes.contracts import ProgrammeRow
from leadloop.programmes.queries import programmes
from leadloop.tracking.contracts import Period, Return
from leadloop.tracking.queries import returns

HEADS = heads(
    "Programme", "Accountable", ("Cost", "money"), ("Inquiries", "number"), ("Leads", "number"), ("MQL", "number"),
    ("SAL", "number"), ("Deals", "number"), ("Won", "number"), ("Revenue", "money"), ("Return", "share"),
)  # fmt: skip
STEPS = (
    ("leads", "programme.inquiries"),
    ("qualified", "programme.qualified"),
    ("accepted", "programme.accepted"),
    ("opportunities", "programme.opportunities"),
    ("won", "programme.won"),
)


def programmes_page(period: Period, *, zone: str, currency: str) -> dict[str, Any]:
    """Everything the page needs: the sentence on top and the table."""
    rows = returns(period, zone=zone)
    known = programmes()
    owners = names({programme.owner_id for programme in known.values()})
    cost, revenue = sum(row.cost for row in rows), sum(row.revenue for row in rows)
    return {
        "words": f"{money(revenue, currency)} came back from {money(cost, currency)} spent."
        if cost or revenue
        else "Nothing was spent and nothing was won in this period.",
        "table": {
            "caption": "Programmes",
            "columns": HEADS,
            "empty": "No programme had a cost, an inquiry or a win in this period.",
            "rows": [_row(row, known, owners, period, currency) for row in _in_order(rows)],
        },
    }


def _in_order(rows: Sequence[Return]) -> list[Return]:
    """What no programme brought stands last."""
    return sorted(rows, key=lambda row: (row.programme_id is None, -row.revenue, row.programme_id or 0))


def _row(
    row: Return, known: Mapping[int, ProgrammeRow], owners: Mapping[int, str], period: Period, currency: str
) -> dict[str, Any]:
    programme = known.get(row.programme_id or 0)

    def opens(measure: str, value: int, minor: int | None = None) -> Piece:
        url = rows_url(measure, period, programme=row.programme_id)
        if minor is None:
            return cell(value, value=value, url=url)
        return cell(Money(minor, currency), value=value, url=url)

    return {
        "cells": [
            programme.name if programme else "Not attributed",
            owners.get(programme.owner_id, "") if programme else "",
            opens("programme.cost", row.cost_lines, row.cost),
            opens("programme.touches", row.inquiries),
            *(opens(measure, getattr(row, name)) for name, measure in STEPS),
            opens("programme.revenue", row.deals, row.revenue),
            cell(row.roi, text=percent(row.roi) if row.roi is not None else "–", numeric=True),
        ]
    }
