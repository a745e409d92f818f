"""Sums of opening time by day and year, on which working-time arithmetic rests.

A day without a clock change lasts as long as its wall-clock openings say, so most days cost one lookup;
only the days on which clocks jump are measured moment by moment. All sums are whole microseconds.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate

from leadloop.kernel.clock.calendar import MIDNIGHT, Interval, WorkCalendar
from leadloop.kernel.clock.zones import DAY, jump_days, moment_of, time_zone

_MICROSECOND = timedelta(microseconds=1)
Span = tuple[datetime, datetime]


def microseconds(duration: timedelta) -> int:
    """Return the duration as a whole number of microseconds."""
    return duration // _MICROSECOND


def day_of(moment: datetime, calendar: WorkCalendar) -> date:
    """Return the calendar's local day of a UTC moment."""
    zone = time_zone(calendar.zone)
    local = moment.astimezone(zone)
    day = local.date()
    # Clocks set back across midnight show the old date once more; the new day has begun all the same.
    if local.fold and moment >= moment_of(day + DAY, MIDNIGHT, zone):
        return day + DAY
    return day


@lru_cache(maxsize=8192)
def spans(calendar: WorkCalendar, day: date) -> tuple[Span, ...]:
    """Return the openings of a local day as UTC moments; one that a clock change swallows is left out."""
    zone = time_zone(calendar.zone)
    found = []
    for opens, closes in calendar.openings(day):
        last = day + DAY if closes == MIDNIGHT else day
        span = moment_of(day, opens, zone), moment_of(last, closes, zone)
        if span[0] < span[1]:
            found.append(span)
    return tuple(found)


def open_before(calendar: WorkCalendar, day: date, moment: datetime) -> int:
    """Return the microseconds open on ``day`` before ``moment``."""
    return sum(microseconds(min(closes, moment) - opens) for opens, closes in spans(calendar, day) if opens < moment)


@lru_cache(maxsize=4096)
def year_total(calendar: WorkCalendar, year: int) -> int:
    """Return the microseconds open in a local year."""
    week = _nominal_week(calendar)
    first = date(year, 1, 1)
    days = (date(year, 12, 31) - first).days + 1
    total = sum(week[(first.weekday() + i) % 7] for i in range(days % 7)) + days // 7 * sum(week)
    jumps = jump_days(calendar.zone, year)
    closed = {day for day in calendar.holidays if day.year == year}
    total -= sum(week[day.weekday()] for day in closed | jumps)
    return total + sum(_measured(calendar, day) for day in jumps)


@lru_cache(maxsize=1024)
def opened_by_day(calendar: WorkCalendar, year: int) -> tuple[int, ...]:
    """Return the microseconds open in a local year before each of its days, and at last in all of it."""
    week = _nominal_week(calendar)
    jumps = jump_days(calendar.zone, year)
    first = date(year, 1, 1).toordinal()
    weekday = date(year, 1, 1).weekday()
    days = date(year, 12, 31).toordinal() - first + 1
    sums = [week[(weekday + i) % 7] for i in range(days)]
    for day in calendar.holidays:
        if day.year == year:
            sums[day.toordinal() - first] = 0
    for day in jumps:
        sums[day.toordinal() - first] = _measured(calendar, day)
    return tuple(accumulate(sums, initial=0))


@lru_cache(maxsize=1024)
def _nominal_week(calendar: WorkCalendar) -> tuple[int, ...]:
    return tuple(sum(map(_nominal, day)) for day in calendar.week)


def _nominal(interval: Interval) -> int:
    opens, closes = interval
    return microseconds(_since_midnight(closes, end=True) - _since_midnight(opens, end=False))


def _since_midnight(wall: time, *, end: bool) -> timedelta:
    if end and wall == MIDNIGHT:
        return DAY
    return datetime.combine(date.min, wall, UTC) - datetime.combine(date.min, MIDNIGHT, UTC)


def _measured(calendar: WorkCalendar, day: date) -> int:
    return sum(microseconds(closes - opens) for opens, closes in spans(calendar, day))
