"""Calendars and moments for the clock's tests: a fixed cast, and strategies that look for trouble."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from leadloop.kernel.clock import WorkCalendar

MIDNIGHT = time(0)
OFFICE_DAY = ((time(9), time(12)), (time(13), time(17)))
OFFICE_WEEK = (OFFICE_DAY,) * 5 + ((), ())
AROUND_THE_CLOCK = (((MIDNIGHT, MIDNIGHT),),) * 7

# Clock changes by an hour, by half an hour, at midnight, a minute past it, twice in spring, never; a skipped day.
ZONES = (
    "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Havana", "America/Sao_Paulo",
    "America/St_Johns", "Africa/Casablanca", "Asia/Kolkata", "Asia/Beirut", "Pacific/Apia", "UTC",
)  # fmt: skip

berlin = WorkCalendar(
    "Europe/Berlin",
    OFFICE_WEEK,
    frozenset({date(2024, 12, 25), date(2024, 12, 26), date(2025, 1, 1), date(2025, 4, 18), date(2025, 4, 21)}),
)


def local(zone: str, text: str) -> datetime:
    """Return the moment at which clocks in the zone show an ISO date and time."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def in_berlin(text: str) -> datetime:
    return local("Europe/Berlin", text)


def moments_between(first: int, last: int) -> st.SearchStrategy[datetime]:
    """Draw UTC moments from the start of one year to the start of another."""
    naive = [datetime(year, 1, 1) for year in (first, last)]  # noqa: DTZ001 — the strategy wants them so
    return st.datetimes(*naive, timezones=st.just(UTC))


moments = moments_between(2000, 2040)
durations = st.timedeltas(timedelta(0), timedelta(days=500))
zones = st.sampled_from(ZONES)
any_minute = st.integers(0, 1439)


@st.composite
def days(draw: st.DrawFn, minutes: st.SearchStrategy[int] = any_minute) -> tuple:
    """Draw the openings of one day: none to three, in order, the last one perhaps until midnight."""
    edges = sorted(draw(st.sets(minutes, max_size=6)))
    if len(edges) % 2:
        edges.append(0)
    walls = [time(edge // 60, edge % 60) for edge in edges]
    return tuple(zip(walls[::2], walls[1::2], strict=True))


def _opens_an_hour(week: list[tuple]) -> bool:
    spans = (span for day in week for span in day)
    return sum((_minute(closes) or 1440) - _minute(opens) for opens, closes in spans) >= 60


def _minute(wall: time) -> int:
    return wall.hour * 60 + wall.minute


@st.composite
def calendars(
    draw: st.DrawFn,
    minutes: st.SearchStrategy[int] = any_minute,
    names: st.SearchStrategy[str] = zones,
) -> WorkCalendar:
    """Draw a calendar that opens an hour a week or more, so that years suffice for any duration, with some holidays."""
    week = draw(st.lists(days(minutes), min_size=7, max_size=7).filter(_opens_an_hour))
    holidays = draw(st.frozensets(st.dates(date(2000, 1, 1), date(2041, 1, 1)), max_size=20))
    return WorkCalendar(draw(names), tuple(week), holidays)
