"""Working-time arithmetic: how long was it open between two moments, and when will enough time have passed.

Openings follow the wall clock of the calendar's zone, durations are real elapsed time: a Sunday shift from
01:00 to 05:00 lasts three hours when clocks go forward. Years are jumped by their sums, days by bisection,
so the cost does not grow with the length of a duration beyond one addition per year.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date, datetime, timedelta

from leadloop.kernel.clock.calendar import WorkCalendar
from leadloop.kernel.clock.openings import (
    day_of,
    microseconds,
    open_before,
    opened_by_day,
    spans,
    year_total,
)
from leadloop.kernel.clock.zones import DAY, LAST_YEAR, in_utc, moment_of, time_zone
from leadloop.kernel.errors import Invalid


def working_between(a: datetime, b: datetime, calendar: WorkCalendar) -> timedelta:
    """Return the time open from ``a`` to ``b``; negative when ``b`` comes first.

    So working_between(a, b) + working_between(b, c) == working_between(a, c), in any order of the three.
    """
    a, b = in_utc(a), in_utc(b)
    if b < a:
        return -working_between(b, a, calendar)
    first, last = day_of(a, calendar), day_of(b, calendar)
    if first == last:
        opened = open_before(calendar, last, b) - open_before(calendar, first, a)
    else:
        opened = _into_year(calendar, last, b) - _into_year(calendar, first, a)
        opened += sum(year_total(calendar, year) for year in range(first.year, last.year))
    return timedelta(microseconds=opened)


def add_working(start: datetime, duration: timedelta, calendar: WorkCalendar) -> datetime:
    """Return in UTC the earliest moment by which ``duration`` of open time has passed since ``start``.

    A duration that ends with the day ends at closing time, not at the next opening; a duration of zero ends
    at ``start``. Raises Invalid for a negative duration, a calendar that is never open, or an end beyond
    the year 2999.
    """
    start = in_utc(start)
    wanted = microseconds(duration)
    if wanted < 0:
        raise Invalid("the duration is negative", field="duration", mend="Give a duration of zero or more")
    _must_open(calendar)
    if wanted == 0:
        return start
    day = day_of(start, calendar)
    wanted += _into_year(calendar, day, start)
    year = day.year
    while wanted > year_total(calendar, year):
        wanted -= year_total(calendar, year)
        year = _next_year(year)
    sums = opened_by_day(calendar, year)
    index = bisect_left(sums, wanted) - 1
    return _moment_after(calendar, date(year, 1, 1) + index * DAY, wanted - sums[index])


def next_open(t: datetime, calendar: WorkCalendar) -> datetime:
    """Return in UTC the earliest moment from ``t`` on that is open, which is ``t`` itself when it is.

    Raises Invalid for a calendar that is never open.
    """
    t = in_utc(t)
    _must_open(calendar)
    day = day_of(t, calendar)
    passed, year = _into_year(calendar, day, t), day.year
    while passed >= year_total(calendar, year):
        passed, year = 0, _next_year(year)
    index = bisect_right(opened_by_day(calendar, year), passed) - 1
    opening = date(year, 1, 1) + index * DAY
    return next(max(opens, t) for opens, closes in spans(calendar, opening) if closes > t)


def is_open(t: datetime, calendar: WorkCalendar) -> bool:
    """Tell whether ``t`` is within an opening: from its opening moment up to, not including, its closing."""
    t = in_utc(t)
    return any(opens <= t < closes for opens, closes in spans(calendar, day_of(t, calendar)))


def add_working_days(start: datetime, n: int, calendar: WorkCalendar) -> datetime:
    """Return in UTC the moment ``n`` working days after ``start``, at the same time on the wall clock.

    A working day is a local day with an opening. A start outside opening hours counts from the next
    opening, so one day from Saturday is Tuesday at opening time. Where the last day is closed at that time,
    the moment moves on to its next opening, or back to its last closing when it closes earlier.
    Raises Invalid for a negative ``n`` and for a calendar that is never open.
    """
    if n < 0:
        raise Invalid("the number of days is negative", field="n", mend="Give zero or more days")
    begin = next_open(start, calendar)
    day = day_of(begin, calendar)
    wall = begin.astimezone(time_zone(calendar.zone)).time()
    if n == 0:
        return begin
    day = _nth_open_day(calendar, day, n)
    aimed = moment_of(day, wall, time_zone(calendar.zone))
    openings = spans(calendar, day)
    return next((max(opens, aimed) for opens, closes in openings if aimed < closes), openings[-1][1])


def _nth_open_day(calendar: WorkCalendar, day: date, n: int) -> date:
    """Return the ``n``-th day after ``day`` that has an opening, found by the sums alone."""
    sums, year, index = opened_by_day(calendar, day.year), day.year, day.timetuple().tm_yday
    while True:
        while index < len(sums) - 1:
            n -= sums[index + 1] > sums[index]
            if n == 0:
                return date(year, 1, 1) + index * DAY
            index += 1
        year, index = _next_year(year), 0
        sums = opened_by_day(calendar, year)


def _into_year(calendar: WorkCalendar, day: date, moment: datetime) -> int:
    """Return the microseconds open from the start of the local year up to ``moment``, which is on ``day``."""
    before = opened_by_day(calendar, day.year)[day.timetuple().tm_yday - 1]
    return before + open_before(calendar, day, moment)


def _moment_after(calendar: WorkCalendar, day: date, wanted: int) -> datetime:
    """Return the earliest moment on ``day`` by which ``wanted`` microseconds have been open that day."""
    left = timedelta(microseconds=wanted)
    for opens, closes in spans(calendar, day):
        if left <= closes - opens:
            return opens + left
        left -= closes - opens
    raise AssertionError("the day's sum and its openings differ")


def _must_open(calendar: WorkCalendar) -> None:
    if not any(calendar.week):
        raise Invalid("the calendar is never open", field="calendar", mend="Add opening hours to a day")


def _next_year(year: int) -> int:
    if year >= LAST_YEAR:
        raise Invalid(
            "the calendar does not open long enough",
            field="calendar",
            mend="Check opening hours and holidays",
        )
    return year + 1
