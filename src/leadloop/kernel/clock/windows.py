"""Windows of the day in someone's zone, such as the hours in which a call does not disturb."""

from __future__ import annotations

from datetime import datetime, time

from leadloop.kernel.clock.zones import DAY, in_utc, moment_of, time_zone

# A window inside an hour that a clock change swallows is missing for one day, so three days are enough.
_DAYS_AHEAD = 3


def next_moment_in_window(t: datetime, zone: str, start: time, end: time) -> datetime:
    """Return in UTC the earliest moment from ``t`` on at which clocks in ``zone`` show start ≤ time < end.

    A window whose end is before its start crosses midnight; one with start equal to end is the whole day.
    Quiet hours of 21:00 to 08:00 are the window from 08:00 to 21:00. Raises Invalid for an unknown zone.
    """
    t, place = in_utc(t), time_zone(zone)
    local = t.astimezone(place)
    if _within(local.time(), start, end):
        return t
    for i in range(_DAYS_AHEAD):
        begin = moment_of(local.date() + i * DAY, start, place)
        if begin > t and _within(begin.astimezone(place).time(), start, end):
            return begin
    raise AssertionError("a daily window was not met within three days")


def _within(wall: time, start: time, end: time) -> bool:
    if start < end:
        return start <= wall < end
    return start == end or wall >= start or wall < end
