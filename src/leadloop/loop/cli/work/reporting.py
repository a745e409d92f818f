"""Reports as tables or as JSON."""

from __future__ import annotations

from typing import Any

from leadloop.kernel import clock, money
from leadloop.loop import reports
from leadloop.loop.cli.saying import as_json as say_json
from leadloop.loop.cli.saying import show, table

HOUR, DAY = 3600.0, 86_400.0


def report(name: str, days: int, *, as_json: bool) -> None:
    """Show one report over the last days."""
    now = clock.now()
    found = reports.report(name, reports.last_days(days, now=now), now=now)
    if as_json:
        say_json(
            {
                "report": found.name,
                "from": found.period.start,
                "to": found.period.end,
                "currency": found.currency,
                "rows": found.rows,
            }
        )
    else:
        show_report(found)


def show_report(found: reports.Report) -> None:
    """Show it as a table."""
    columns = [column for column in found.columns if not column.aside]
    rows = [[_shown(row[column.key], column.kind, found.currency) for column in columns] for row in found.rows]
    right = [column.label for column in columns if column.kind != "text"]
    show(table(found.title, [column.label for column in columns], rows, right=right))


def _shown(value: Any, kind: str, currency: str) -> str:
    if value is None:
        return "–"
    if kind == "share":
        return f"{value:.0%}"
    if kind == "money":
        return money.format_short(money.Money(value, currency))
    if kind == "seconds":
        return _span(value)
    return f"{value:,}" if kind == "count" else str(value)


def _span(seconds: float) -> str:
    if seconds >= 2 * DAY:
        return f"{seconds / DAY:.0f} days"
    return f"{seconds / HOUR:.1f} h" if seconds >= HOUR else f"{seconds / 60:.0f} min"
