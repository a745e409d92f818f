"""What holds for working time whatever the calendar, the zone and the moment."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from leadloop.kernel.clock import add_working, add_working_days, is_open, next_open, working_between
from leadloop.kernel.tests.times import ZONES, calendars, durations, moments, moments_between

QUARTER = timedelta(minutes=15)
# Wall-clock edges away from the hours that clocks repeat or skip, for comparing with plain counting.
quiet_edges = st.sampled_from([0, 240, 390, 540, 720, 810, 1020, 1320])
plain_zones = st.sampled_from([name for name in ZONES if name != "America/St_Johns"])


@given(moments, durations, calendars())
def test_what_was_added_is_what_lies_between(start, duration, calendar):
    assert working_between(start, add_working(start, duration, calendar), calendar) == duration


@given(moments, durations, calendars())
def test_the_end_is_the_earliest_possible(start, duration, calendar):
    end = add_working(start, duration, calendar)
    if end > start:
        assert working_between(start, end - timedelta(microseconds=1), calendar) < duration


@given(moments, durations, durations, calendars())
def test_adding_in_two_steps_is_adding_at_once(start, one, two, calendar):
    assert add_working(add_working(start, one, calendar), two, calendar) == add_working(start, one + two, calendar)


@given(moments, moments, moments, calendars())
def test_time_between_adds_up_in_any_order(a, b, c, calendar):
    through = working_between(a, b, calendar) + working_between(b, c, calendar)
    assert through == working_between(a, c, calendar)


@given(moments, moments, durations, calendars())
def test_a_later_start_never_ends_earlier(a, b, duration, calendar):
    first, last = sorted((a, b))
    assert add_working(first, duration, calendar) <= add_working(last, duration, calendar)
    assert next_open(first, calendar) <= next_open(last, calendar)


@given(moments, st.timedeltas(timedelta(0), timedelta(days=3)), calendars())
def test_no_more_is_worked_than_passes(start, passed, calendar):
    assert timedelta(0) <= working_between(start, start + passed, calendar) <= passed


@given(moments, calendars())
def test_the_next_opening_is_open_and_nothing_opens_before_it(start, calendar):
    opening = next_open(start, calendar)
    assert opening >= start
    assert is_open(opening, calendar)
    assert working_between(start, opening, calendar) == timedelta(0)
    assert (opening == start) == is_open(start, calendar)


@given(moments, st.integers(0, 300), calendars())
def test_each_working_day_comes_after_the_one_before(start, n, calendar):
    there, next_day = (add_working_days(start, days, calendar) for days in (n, n + 1))
    zone = ZoneInfo(calendar.zone)
    assert start <= there < next_day
    assert there.astimezone(zone).date() < next_day.astimezone(zone).date() or there.astimezone(zone).fold


@settings(max_examples=60)
@given(
    moments_between(2009, 2027),
    st.integers(0, 900),
    calendars(quiet_edges, plain_zones),
)
def test_the_sums_agree_with_counting_quarters_of_an_hour(start, steps, calendar):
    start = start.replace(minute=0, second=0, microsecond=0)
    zone = ZoneInfo(calendar.zone)

    def open_by_the_wall(moment):
        local = moment.astimezone(zone)
        return any(
            opens <= local.time() and (local.time() < closes or closes.hour == 0)
            for opens, closes in calendar.openings(local.date())
        )

    quarters = [start + i * QUARTER for i in range(steps)]
    counted = sum(map(open_by_the_wall, quarters))
    assert working_between(start, start + steps * QUARTER, calendar) == counted * QUARTER
    assert all(is_open(moment, calendar) == open_by_the_wall(moment) for moment in quarters)
