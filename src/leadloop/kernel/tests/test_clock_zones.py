"""Wall clocks jump; moments don't."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.kernel.clock.zones import jump_days, moment_of
from leadloop.kernel.tests.times import ZONES, moments, zones

BERLIN = ZoneInfo("Europe/Berlin")
a_day = st.dates(date(2000, 1, 1), date(2040, 1, 1))


@pytest.mark.parametrize(
    ("day", "wall", "expected"),
    [
        (date(2025, 3, 29), time(2, 30), datetime(2025, 3, 29, 1, 30, tzinfo=UTC)),
        (date(2025, 3, 30), time(2, 0), datetime(2025, 3, 30, 1, 0, tzinfo=UTC)),
        (date(2025, 3, 30), time(2, 30), datetime(2025, 3, 30, 1, 0, tzinfo=UTC)),
        (date(2025, 3, 30), time(3, 0), datetime(2025, 3, 30, 1, 0, tzinfo=UTC)),
        (date(2025, 10, 26), time(2, 30), datetime(2025, 10, 26, 0, 30, tzinfo=UTC)),
        (date(2025, 10, 26), time(3, 0), datetime(2025, 10, 26, 2, 0, tzinfo=UTC)),
    ],
)
def test_times_that_never_occur_or_occur_twice(day, wall, expected):
    assert moment_of(day, wall, BERLIN) == expected


def test_the_day_samoa_skipped_is_a_single_moment():
    apia = ZoneInfo("Pacific/Apia")
    skipped = date(2011, 12, 30)
    jump = datetime(2011, 12, 30, 10, tzinfo=UTC)
    assert {moment_of(skipped, time(hour), apia) for hour in range(24)} == {jump}
    assert moment_of(skipped + timedelta(days=1), time(0), apia) == jump


@given(zones, st.lists(st.tuples(a_day, st.times()), min_size=2, max_size=2))
def test_later_wall_clock_times_never_stand_for_earlier_moments(name, walls):
    first, last = sorted(walls)
    assert moment_of(*first, ZoneInfo(name)) <= moment_of(*last, ZoneInfo(name))


@given(zones, moments)
def test_a_moment_comes_back_from_what_clocks_show_then(name, moment):
    local = moment.astimezone(ZoneInfo(name))
    back = moment_of(local.date(), local.time(), ZoneInfo(name))
    assert back == moment if not local.fold else back < moment


@pytest.mark.parametrize("name", ZONES)
def test_jump_days_are_exactly_the_days_between_whose_midnights_the_offset_changes(name):
    zone, one = ZoneInfo(name), timedelta(days=1)
    days = [date(2011, 1, 1) + i * one for i in range(365)]

    def offset(day):
        return datetime(day.year, day.month, day.day, tzinfo=zone).utcoffset()

    assert jump_days(name, 2011) == {day for day in days if offset(day) != offset(day + one)}
