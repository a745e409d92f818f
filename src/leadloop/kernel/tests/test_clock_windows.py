"""Quiet hours: the next moment that does not disturb."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.kernel.clock import next_moment_in_window
from leadloop.kernel.errors import Invalid
from leadloop.kernel.tests.times import in_berlin, moments, zones

EIGHT, NINE_PM = time(8), time(21)


@pytest.mark.parametrize(
    ("t", "start", "end", "expected"),
    [
        ("2025-02-03 12:00", EIGHT, NINE_PM, "2025-02-03 12:00"),
        ("2025-02-03 08:00", EIGHT, NINE_PM, "2025-02-03 08:00"),
        ("2025-02-03 21:00", EIGHT, NINE_PM, "2025-02-04 08:00"),
        ("2025-02-03 23:30", EIGHT, NINE_PM, "2025-02-04 08:00"),
        ("2025-02-03 03:00", EIGHT, NINE_PM, "2025-02-03 08:00"),
        ("2025-02-03 12:00", NINE_PM, EIGHT, "2025-02-03 21:00"),  # across midnight
        ("2025-02-03 23:00", NINE_PM, EIGHT, "2025-02-03 23:00"),
        ("2025-02-03 07:59", NINE_PM, EIGHT, "2025-02-03 07:59"),
        ("2025-02-03 08:00", NINE_PM, EIGHT, "2025-02-03 21:00"),
        ("2025-02-03 12:00", EIGHT, EIGHT, "2025-02-03 12:00"),  # the whole day
        ("2024-12-31 22:00", EIGHT, NINE_PM, "2025-01-01 08:00"),
        ("2024-02-28 22:00", EIGHT, NINE_PM, "2024-02-29 08:00"),
        ("2025-03-29 22:00", EIGHT, NINE_PM, "2025-03-30 08:00"),  # over the clock change
        ("2025-03-30 00:30", time(2, 30), time(5), "2025-03-30 03:00"),  # begins in the skipped hour
        ("2025-03-30 00:30", time(2, 15), time(2, 45), "2025-03-31 02:15"),  # lies within it
        ("2025-02-03 12:00", time(8), time(0), "2025-02-03 12:00"),  # until midnight
        ("2025-02-03 07:00", time(8), time(0), "2025-02-03 08:00"),
    ],
)
def test_the_next_moment_in_the_window(t, start, end, expected):
    found = next_moment_in_window(in_berlin(t), "Europe/Berlin", start, end)
    assert found == in_berlin(expected)
    assert found.tzinfo is UTC


@given(moments, zones, st.times(), st.times())
def test_the_moment_found_is_in_the_window_and_never_in_the_past(t, zone, start, end):
    found = next_moment_in_window(t, zone, start, end)
    wall = found.astimezone(ZoneInfo(zone)).time()
    inside = start <= wall < end if start < end else wall >= start or wall < end or start == end
    assert inside
    assert t <= found <= t + timedelta(days=3)
    assert next_moment_in_window(found, zone, start, end) == found


def test_an_unknown_zone_is_refused():
    with pytest.raises(Invalid, match="not a known time zone"):
        next_moment_in_window(datetime(2025, 1, 1, tzinfo=UTC), "Mars/Olympus", EIGHT, NINE_PM)
