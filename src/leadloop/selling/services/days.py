"""Days as the company counts them, and what amounts are worth on one."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from leadloop.kernel.errors import Invalid
from leadloop.platform.queries import base_amounts, company
from leadloop.selling.rules import check_closing_day


def day_of(moment: datetime) -> date:
    """The day of a moment where the company is. One query."""
    return moment.astimezone(ZoneInfo(company().zone)).date()


def closing(closed_on: date | None, now: datetime) -> tuple[date, datetime]:
    """The closing day, today for None, and a moment of it: now for today, the last of an earlier day. One query.

    Which hour it was is not known; whoever asked on the day itself has to stand before the win, or gets no credit.
    """
    zone = ZoneInfo(company().zone)
    current = now.astimezone(zone).date()
    day = closed_on or current
    check_closing_day(day, current)
    return day, now if day == current else datetime.combine(day, time.max, zone).astimezone(now.tzinfo)


def base_amount(minor: int, currency: str, day: date) -> int:
    """Minor units of the company's currency at the rate of a day. One query; raises Invalid when there is no rate."""
    (base,) = base_amounts([(minor, currency, day)])
    if base is None:
        raise Invalid(
            f"There is no rate for {currency} on or before {day.isoformat()}",
            field="rate",
            mend="Enter the rate in the settings, then try again",
        )
    return base
