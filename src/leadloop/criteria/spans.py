"""Conditions about time as a span from one moment to another, the same for SQL and for memory."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from leadloop.criteria.contracts import Leaf
from leadloop.kernel.values import dataclass

_DAY = timedelta(days=1)
_FIRST, _LAST = date(1, 1, 2), date(9999, 12, 30)


@dataclass(frozen=True, slots=True)
class Span:
    """From `low` to `high`, None meaning without end; the bounds belong to it when `low_in`, `high_in` say so."""

    low: Any = None
    high: Any = None
    low_in: bool = True
    high_in: bool = True

    def holds(self, value: Any) -> bool:
        """True when the value lies within."""
        if self.low is not None and (value < self.low or (value == self.low and not self.low_in)):
            return False
        return self.high is None or value < self.high or (value == self.high and self.high_in)


def span(leaf: Leaf, now: datetime) -> Span:
    """The span that a condition about a date or moment asks for. Days are cut in UTC."""
    utc = now.astimezone(UTC)
    return _days(leaf, utc.date()) if leaf.type == "date" else _moments(leaf, utc)


def _days(leaf: Leaf, today: date) -> Span:
    value: Any = leaf.value
    if leaf.op == "before":
        return Span(high=value, high_in=False)
    if leaf.op == "after":
        return Span(low=value, low_in=False)
    if leaf.op == "within_days":
        return Span(_reach(today, -value), today)
    if leaf.op == "within_next_days":
        return Span(today, _reach(today, value))
    return Span(high=_reach(today, -value), high_in=False)


def _moments(leaf: Leaf, now: datetime) -> Span:
    value: Any = leaf.value
    if leaf.op == "before":
        return Span(high=_start(value), high_in=False)
    if leaf.op == "after":
        whole_day = not isinstance(value, datetime)
        return Span(low=_start(value + _DAY) if whole_day and value < _LAST else _start(value), low_in=whole_day)
    if leaf.op == "within_days":
        return Span(_far(now, -value), now)
    if leaf.op == "within_next_days":
        return Span(now, _far(now, value))
    return Span(high=_far(now, -value), high_in=False)


def _start(value: date | datetime) -> datetime:
    return value if isinstance(value, datetime) else datetime.combine(value, time(), UTC)


def _reach(day: date, days: int) -> date:
    """So many days on, but never off the calendar."""
    return date.fromordinal(min(max(day.toordinal() + days, _FIRST.toordinal()), _LAST.toordinal()))


def _far(moment: datetime, days: int) -> datetime:
    return datetime.combine(_reach(moment.date(), days), moment.timetz())
