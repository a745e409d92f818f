"""Columns and cells of tables: said once with their values, shown on pages and written into files.

A column knows what kind of values stand in it, a cell keeps the value beside the words that are shown for it.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from leadloop.front.templatetags.ui import local_date, money, plain, thousands
from leadloop.kernel.money import Money

Kind = Literal["text", "number", "money", "share", "day", "moment"]
Value = str | int | float | Decimal | date | datetime | Money | None
Piece = dict[str, Any]


def head(label: str, kind: Kind = "text") -> Piece:
    """A column. In files money takes two of them, the amount and its currency; a share is a part of one."""
    return {"label": label, "kind": kind, "numeric": kind in ("number", "money", "share")}


def heads(*labels: str | tuple[str, Kind]) -> list[Piece]:
    """Several columns, each a label or a label with its kind."""
    return [head(*label) if isinstance(label, tuple) else head(label) for label in labels]


def cell(raw: Value, zone: str = "UTC", **shown: Any) -> Piece:
    """A cell. `shown` may give other words (`text`), a `link`, or `value` and `url` of the rows behind a figure.

    Moments are shown and written as they are in the viewer's `zone`.
    """
    numeric = isinstance(raw, int | float | Decimal | Money)
    whole = isinstance(raw, date)  # also a moment: a day is never broken over two lines
    return {"raw": raw, "zone": zone, "numeric": numeric, "whole": whole, "text": words(raw, zone), **shown}


def words(raw: Value, zone: str) -> str:
    """What is shown for a value when nothing else is said."""
    if isinstance(raw, Money):
        return money(raw.minor, raw.currency)
    if isinstance(raw, datetime):
        return local_date(raw, zone)
    if isinstance(raw, date):
        return f"{raw:%-d %b %Y}"
    if isinstance(raw, int):
        return thousands(raw)
    return plain(float(raw)) if isinstance(raw, float | Decimal) else raw or ""
