"""From wall clocks to moments and back, and the days on which wall clocks jump.

Every wall-clock time stands for one moment here: one that occurs twice (clocks go back) means its first
occurrence, one that never occurs (clocks go forward) means the moment of the jump. So later wall-clock
times never stand for earlier moments.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from leadloop.kernel.errors import Invalid

DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_SECOND = timedelta(seconds=1)
# Room for offsets below, and an early end to sums over years that a mistyped date would start.
_FIRST_YEAR, LAST_YEAR = 2, 2999


def time_zone(name: str) -> ZoneInfo:
    """Return the zone of an IANA name such as "Europe/Berlin"; raise Invalid for an unknown name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError, TypeError):
        raise Invalid(
            f"{name!r} is not a known time zone", field="zone", mend="Use a name such as Europe/Berlin"
        ) from None


def in_utc(moment: datetime) -> datetime:
    """Return the moment in UTC; raise Invalid for one without a zone or beyond the year 2999."""
    if not _FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise Invalid("the moment is out of reach", field="moment", mend="Check the year")
    if moment.tzinfo is UTC:
        return moment
    if moment.utcoffset() is None:
        raise Invalid("the moment has no time zone", field="moment", mend="Give an aware datetime")
    return moment.astimezone(UTC)


def moment_of(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """Return in UTC the moment at which clocks in ``zone`` show ``wall`` on ``day``."""
    local = datetime.combine(day, wall, zone)
    moment = local.astimezone(UTC)
    again = local.replace(fold=1)
    # Python reads a wall-clock time that never occurs by the old offset, or by the new one with fold set;
    # only then is the second reading the earlier moment.
    if again.utcoffset() == local.utcoffset() or again.astimezone(UTC) > moment:
        return moment
    return _jump_between(again.astimezone(UTC), moment, zone)


def _jump_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the first second at which the offset differs from the one ``before``, by halving."""
    low, high = before.replace(microsecond=0), after
    old = low.astimezone(zone).utcoffset()
    while high - low > _SECOND:
        middle = (low + (high - low) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == old:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


@lru_cache(maxsize=4096)
def jump_days(name: str, year: int) -> frozenset[date]:
    """Return the local days of ``year`` that don't last 24 hours by the wall clock in zone ``name``.

    Looks at week boundaries first and at single days only in weeks whose two ends differ, which is enough
    because no zone goes back on a change within a week.
    """
    zone = time_zone(name)
    found: set[date] = set()
    day = date(year, 1, 1)
    while day.year == year:
        if _offset(day, zone) != _offset(day + _WEEK, zone):
            days = (day + i * DAY for i in range(7))
            found.update(one for one in days if _offset(one, zone) != _offset(one + DAY, zone))
        day += _WEEK
    return frozenset(one for one in found if one.year == year)


def _offset(day: date, zone: ZoneInfo) -> timedelta | None:
    return datetime(day.year, day.month, day.day, tzinfo=zone).utcoffset()
