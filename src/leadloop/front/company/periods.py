"""The period in the address of a page, cut at midnight where the company is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from leadloop.kernel.errors import Invalid
from leadloop.tracking.contracts import Period

CHOICES = (7, 30, 90)
DEFAULT = 30


def days_asked(asked: Mapping[str, str]) -> int:
    """7, 30 or 90 days; 30 when nothing, or something else, is asked for."""
    chosen = asked.get("p", "")
    return int(chosen) if chosen.isdigit() and int(chosen) in CHOICES else DEFAULT


def today(now: datetime, zone: str) -> date:
    """The day it is where the company is."""
    return now.astimezone(ZoneInfo(zone)).date()


def last_days(days: int, now: datetime, zone: str) -> Period:
    """The last `days` days up to and with today."""
    end = datetime.combine(today(now, zone) + timedelta(days=1), time(0), ZoneInfo(zone))
    return Period(end - timedelta(days=days), end)


def before(period: Period) -> Period:
    """The period of the same length before this one."""
    return Period(period.start - (period.end - period.start), period.start)


def segments(path: str, chosen: int) -> list[dict[str, object]]:
    """Choices for `parts/segments.html`."""
    return [{"label": f"{d} d", "url": f"{path}?p={d}", "current": d == chosen} for d in CHOICES]


def rows_url(measure: str, period: Period, **others: int | None) -> str:
    """Where the rows behind a figure are listed."""
    asked = {"from": period.start.isoformat(), "to": period.end.isoformat()}
    asked |= {key: "none" if value is None else str(value) for key, value in others.items()}
    return f"/rows/{measure}?{urlencode(asked)}"


def period_of(asked: Mapping[str, str]) -> Period:
    """The period of a rows address. Raises Invalid naming the part that can't be read."""
    return Period(_moment(asked, "from"), _moment(asked, "to"))


def _moment(asked: Mapping[str, str], name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(asked.get(name, ""))
    except ValueError:
        raise Invalid(
            f"{asked.get(name) or 'Nothing'} is no moment", field=name, mend="Open the figure again"
        ) from None
    if moment.tzinfo is None:
        raise Invalid(f"{name} has no time zone", field=name, mend="Open the figure again")
    return moment
