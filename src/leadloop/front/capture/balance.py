"""What came in day by day, and what became of it: received = new + joined + other + quarantined + waiting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from leadloop.capture.contracts import BalanceRow
from leadloop.front.charts import Series, stacked_bars

DAYS = 14
_PARTS = ("received", "new", "joined", "other", "quarantined", "waiting")
_LABELS = ("Day", "Came in", "New leads", "Joined a lead", "Went elsewhere", "Quarantine", "Waiting")
_TONES = (
    ("0", "new leads", ("new",)),
    ("1", "joined an open lead, or went elsewhere", ("joined", "other")),
    ("2", "in quarantine, or waiting", ("quarantined", "waiting")),
)


@dataclass(frozen=True, slots=True)
class Days:
    """The days of the balance, oldest first; the last one is today in the company's zone."""

    first: date
    last: date

    @property
    def all(self) -> list[date]:
        """Every one of them."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]


def last_days(now: datetime, zone: str) -> Days:
    """Today and the thirteen days before."""
    today = now.astimezone(ZoneInfo(zone)).date()
    return Days(today - timedelta(days=DAYS - 1), today)


def chart(rows: Sequence[BalanceRow], days: Days) -> dict[str, Any]:
    """Everything `parts/chart_frame.html` needs but id and title."""
    sums = {day: [sum(getattr(row, part) for row in rows if row.day == day) for part in _PARTS] for day in days.all}
    series = [
        Series(name, [float(sum(sums[day][_PARTS.index(part)] for part in parts)) for day in days.all])
        for _, name, parts in _TONES
    ]
    total = sum(values[0] for values in sums.values())
    return {
        "chart": stacked_bars([f"{day:%-d}" for day in days.all], series, f"{total} came in within {DAYS} days"),
        "legend": [{"mark": mark, "words": name[:1].upper() + name[1:]} for mark, name, _ in _TONES],
        "table": {
            "caption": "Balance by day",
            "columns": [{"label": label, "numeric": label != "Day"} for label in _LABELS],
            "rows": [
                {"cells": [f"{day:%-d %b}", *({"text": f"{value:,}", "numeric": True} for value in sums[day])]}
                for day in reversed(days.all)
            ],
        },
    }


def last_day(rows: Sequence[BalanceRow]) -> date | None:
    """The last day on which something came; None for none of these."""
    return max((row.day for row in rows if row.received), default=None)


def last_came(rows: Sequence[BalanceRow], days: Days) -> str:
    """When the last one came, as far as the days reach."""
    came = last_day(rows)
    if came is None:
        return f"not in {DAYS} days"
    return "today" if came == days.last else "yesterday" if came == days.last - timedelta(days=1) else f"{came:%-d %b}"
