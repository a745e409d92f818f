"""Working time by example: what a person reading the calendar would say."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from leadloop.kernel.clock import (
    ALWAYS_OPEN,
    WorkCalendar,
    add_working,
    add_working_days,
    is_open,
    next_open,
    time_zone,
    working_between,
)
from leadloop.kernel.errors import Invalid
from leadloop.kernel.tests.times import AROUND_THE_CLOCK, MIDNIGHT, OFFICE_WEEK, berlin, in_berlin, local

HOUR = timedelta(hours=1)
NEVER = WorkCalendar("UTC", ((),) * 7)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2025-02-03 09:00", 1, "2025-02-03 10:00"),
        ("2025-02-03 11:30", 1, "2025-02-03 13:30"),  # over lunch
        ("2025-02-03 09:00", 3, "2025-02-03 12:00"),  # until lunch, not until after it
        ("2025-02-03 09:00", 7, "2025-02-03 17:00"),  # until closing time
        ("2025-02-03 16:00", 2, "2025-02-04 10:00"),
        ("2025-02-07 16:00", 2, "2025-02-10 10:00"),  # over the weekend
        ("2025-02-08 11:00", 2, "2025-02-10 11:00"),  # begun on Saturday
        ("2025-02-03 06:00", 1, "2025-02-03 10:00"),  # before opening
        ("2025-02-03 20:00", 1, "2025-02-04 10:00"),  # after closing
        ("2024-12-24 16:00", 2, "2024-12-27 10:00"),  # over Christmas
        ("2024-12-31 16:00", 2, "2025-01-02 10:00"),  # over New Year
        ("2024-02-28 16:00", 2, "2024-02-29 10:00"),  # into 29 February
        ("2023-02-28 16:00", 2, "2023-03-01 10:00"),
        ("2025-04-17 16:00", 2, "2025-04-22 10:00"),  # over Easter
        ("2025-03-28 16:00", 2, "2025-03-31 10:00"),  # over the clock change
        ("2025-02-03 09:00", 35, "2025-02-07 17:00"),
        ("2025-02-03 09:00", 35 * 4, "2025-02-28 17:00"),
    ],
)
def test_hours_in_an_office(start, hours, end):
    assert add_working(in_berlin(start), hours * HOUR, berlin) == in_berlin(end)
    assert working_between(in_berlin(start), in_berlin(end), berlin) == hours * HOUR


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        ("2025-02-03 10:00", 3, "2025-02-06 10:00"),
        ("2025-02-06 10:00", 3, "2025-02-11 10:00"),  # over a weekend
        ("2024-12-23 10:00", 3, "2024-12-30 10:00"),  # over Christmas
        ("2024-12-30 10:00", 3, "2025-01-03 10:00"),  # over the end of the year
        ("2024-02-27 10:00", 3, "2024-03-01 10:00"),  # over 29 February
        ("2023-02-27 10:00", 3, "2023-03-02 10:00"),
        ("2024-02-29 10:00", 3, "2024-03-05 10:00"),  # from 29 February
        ("2025-04-16 10:00", 3, "2025-04-23 10:00"),  # over Easter
        ("2025-03-27 10:00", 3, "2025-04-01 10:00"),  # over the clock change, same time on the wall
        ("2025-10-23 10:00", 3, "2025-10-28 10:00"),
        ("2025-02-08 11:00", 3, "2025-02-13 09:00"),  # from a Saturday: counts from Monday's opening
        ("2025-02-07 18:00", 1, "2025-02-11 09:00"),  # after hours on a Friday, likewise
        ("2025-02-03 12:30", 1, "2025-02-04 13:00"),  # from the lunch break, after it
        ("2025-02-03 10:00", 0, "2025-02-03 10:00"),
        ("2025-02-08 10:00", 0, "2025-02-10 09:00"),
        ("2025-02-03 10:00", 260, "2026-02-04 10:00"),  # 52 weeks and two holidays
    ],
)
def test_working_days_in_an_office(start, n, end):
    assert add_working_days(in_berlin(start), n, berlin) == in_berlin(end)


def test_a_working_day_that_closes_early_ends_at_closing_time():
    short_friday = (*OFFICE_WEEK[:4], ((time(9), time(12)),), (), ())
    calendar = WorkCalendar("Europe/Berlin", short_friday)
    assert add_working_days(in_berlin("2025-02-06 15:00"), 1, calendar) == in_berlin("2025-02-07 12:00")


def test_a_working_day_with_a_later_lunch_goes_on_after_it():
    week = (((time(9), time(17)),), ((time(9), time(12)), (time(14), time(17))), *OFFICE_WEEK[2:])
    calendar = WorkCalendar("Europe/Berlin", week)
    assert add_working_days(in_berlin("2025-02-03 13:30"), 1, calendar) == in_berlin("2025-02-04 14:00")
    assert add_working_days(in_berlin("2025-02-03 12:00"), 1, calendar) == in_berlin("2025-02-04 14:00")


def test_shifts_over_clock_changes_last_as_long_as_they_really_do():
    night = WorkCalendar("Europe/Berlin", (((time(1), time(5)),),) * 7)
    for day, hours in (("2025-03-30", 3), ("2025-03-31", 4), ("2025-10-26", 5)):
        start, end = in_berlin(f"{day} 00:00"), in_berlin(f"{day} 12:00")
        assert working_between(start, end, night) == hours * HOUR
        assert add_working(start, hours * HOUR, night) == in_berlin(f"{day} 05:00")


def test_a_holiday_on_the_day_of_a_clock_change_is_taken_off_once():
    calendar = WorkCalendar("Europe/Berlin", AROUND_THE_CLOCK, frozenset({date(2025, 3, 30)}))
    year = working_between(in_berlin("2025-01-01 00:00"), in_berlin("2026-01-01 00:00"), calendar)
    assert year == timedelta(days=365) - 23 * HOUR


def test_clocks_set_back_across_midnight_do_not_bring_the_old_day_back():
    calendar = WorkCalendar("America/St_Johns", AROUND_THE_CLOCK)
    start = datetime(2010, 11, 1, tzinfo=UTC)
    again_evening = datetime(2010, 11, 7, 2, 45, tzinfo=UTC)
    assert again_evening.astimezone(time_zone("America/St_Johns")).day == 6
    assert working_between(start, again_evening, calendar) == again_evening - start
    assert is_open(again_evening, calendar)


def test_an_opening_that_a_clock_change_swallows_is_skipped():
    gap = WorkCalendar("Europe/Berlin", (((time(2, 15), time(2, 45)),),) * 7)
    start = in_berlin("2025-03-29 12:00")
    assert next_open(start, gap) == in_berlin("2025-03-31 02:15")
    assert add_working_days(in_berlin("2025-03-29 02:20"), 1, gap) == in_berlin("2025-03-31 02:20")


def test_midnight_does_not_interrupt_a_night_shift():
    week = (((time(22), MIDNIGHT),), ((MIDNIGHT, time(6)),)) + ((),) * 5
    calendar = WorkCalendar("America/New_York", week)
    start = local("America/New_York", "2025-02-03 21:00")
    assert next_open(start, calendar) == local("America/New_York", "2025-02-03 22:00")
    assert add_working(start, 8 * HOUR, calendar) == local("America/New_York", "2025-02-04 06:00")
    assert add_working(start, 2 * HOUR, calendar) == local("America/New_York", "2025-02-04 00:00")
    assert is_open(local("America/New_York", "2025-02-04 00:00"), calendar)


def test_opening_belongs_to_the_hours_and_closing_does_not():
    assert is_open(in_berlin("2025-02-03 09:00"), berlin)
    assert is_open(in_berlin("2025-02-03 11:59"), berlin)
    assert not is_open(in_berlin("2025-02-03 12:00"), berlin)
    assert not is_open(in_berlin("2025-02-08 10:00"), berlin)
    assert not is_open(in_berlin("2024-12-25 10:00"), berlin)


def test_around_the_clock_is_plain_time():
    start = datetime(2025, 3, 29, 13, 37, 11, 5, tzinfo=UTC)
    long = timedelta(days=3653, seconds=7, microseconds=9)
    for calendar in (ALWAYS_OPEN, WorkCalendar("Europe/Berlin", AROUND_THE_CLOCK)):
        assert add_working(start, long, calendar) == start + long
        assert working_between(start, start + long, calendar) == long
        assert next_open(start, calendar) == start


def test_years_without_an_opening_are_jumped():
    sunday_only = ((),) * 6 + (((time(9), time(10)),),)
    closed = frozenset(date.fromordinal(n) for n in range(date(2025, 1, 1).toordinal(), date(2030, 1, 1).toordinal()))
    calendar = WorkCalendar("UTC", sunday_only, closed)
    start = datetime(2025, 2, 1, tzinfo=UTC)
    assert next_open(start, calendar) == datetime(2030, 1, 6, 9, tzinfo=UTC)
    assert add_working(start, 2 * HOUR, calendar) == datetime(2030, 1, 13, 10, tzinfo=UTC)
    assert add_working_days(start, 1, calendar) == datetime(2030, 1, 13, 9, tzinfo=UTC)


def test_a_calendar_that_never_opens_is_refused_where_an_end_is_asked_for():
    start = datetime(2025, 2, 1, tzinfo=UTC)
    for ask in (
        lambda: add_working(start, HOUR, NEVER),
        lambda: add_working(start, timedelta(0), NEVER),
        lambda: next_open(start, NEVER),
        lambda: add_working_days(start, 1, NEVER),
    ):
        with pytest.raises(Invalid, match="never open"):
            ask()
    assert working_between(start, start + HOUR, NEVER) == timedelta(0)
    assert not is_open(start, NEVER)


@pytest.mark.parametrize(
    ("ask", "complaint"),
    [
        (lambda: add_working(in_berlin("2025-02-03 09:00"), -HOUR, berlin), "negative"),
        (lambda: add_working_days(in_berlin("2025-02-03 09:00"), -1, berlin), "negative"),
        (lambda: is_open(datetime(2025, 2, 3), berlin), "no time zone"),  # noqa: DTZ001
        (lambda: add_working(in_berlin("2025-02-03 09:00"), timedelta(days=10**6), berlin), "long enough"),
        (lambda: next_open(datetime.max.replace(tzinfo=UTC), berlin), "out of reach"),
        (lambda: next_open(datetime.min.replace(tzinfo=UTC), berlin), "out of reach"),
    ],
)
def test_what_has_no_answer_is_refused(ask, complaint):
    with pytest.raises(Invalid, match=complaint):
        ask()
