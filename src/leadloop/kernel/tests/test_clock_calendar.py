"""Calendars say what is wrong with them when they are made."""

from datetime import date, time

import pytest

from leadloop.kernel.clock import ALWAYS_OPEN, WorkCalendar, time_zone
from leadloop.kernel.errors import Invalid
from leadloop.kernel.tests.times import OFFICE_DAY, OFFICE_WEEK


def with_monday(*intervals):
    return (tuple(intervals), *OFFICE_WEEK[1:])


@pytest.mark.parametrize(
    ("zone", "week", "complaint"),
    [
        ("Europe/Atlantis", OFFICE_WEEK, "not a known time zone"),
        ("../etc/passwd", OFFICE_WEEK, "not a known time zone"),
        ("", OFFICE_WEEK, "not a known time zone"),
        ("UTC", OFFICE_WEEK[:6], "seven days"),
        ("UTC", with_monday((time(17), time(9))), "close after it opens"),
        ("UTC", with_monday((time(9), time(9))), "close after it opens"),
        ("UTC", with_monday((time(13), time(17)), (time(9), time(12))), "in order"),
        ("UTC", with_monday((time(9), time(13)), (time(12), time(17))), "overlap"),
        ("UTC", with_monday((time(9), time(0)), (time(12), time(17))), "overlap"),
        ("UTC", with_monday((time(9), time(17, tzinfo=time_zone("UTC")))), "without a zone"),
    ],
)
def test_a_misformed_calendar_is_refused(zone, week, complaint):
    with pytest.raises(Invalid, match=complaint):
        WorkCalendar(zone, week)


def test_touching_openings_and_midnight_are_fine():
    day = ((time(0), time(9)), (time(9), time(0)))
    assert WorkCalendar("UTC", (day,) * 7).openings(date(2025, 1, 1)) == day


def test_equal_calendars_are_one_key():
    twins = [WorkCalendar("Asia/Tokyo", OFFICE_WEEK, frozenset({date(2025, 1, 1)})) for _ in range(2)]
    assert len(set(twins)) == 1


def test_a_holiday_has_no_openings():
    calendar = WorkCalendar("UTC", OFFICE_WEEK, frozenset({date(2025, 1, 1)}))
    assert calendar.openings(date(2025, 1, 1)) == ()
    assert calendar.openings(date(2025, 1, 2)) == OFFICE_DAY
    assert ALWAYS_OPEN.openings(date(2025, 1, 1)) == ((time(0), time(0)),)
