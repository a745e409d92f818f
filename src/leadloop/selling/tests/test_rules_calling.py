"""Whom one may call now, when to try again, and what comes after a call."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.kernel.clock import WorkCalendar
from leadloop.outreach.contracts import Calling, Limits
from leadloop.selling.contracts import ActivityKind, ActivityRow
from leadloop.selling.rules.calling import (
    GAPS,
    MOST_ATTEMPTS,
    PARTS,
    Place,
    Tried,
    after_call,
    is_quiet,
    next_attempt,
    part_of,
    place_of,
    put_off,
    tried,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # Monday
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland")
OFFICE = WorkCalendar("Europe/Berlin", (((time(9), time(17, 30)),),) * 5 + ((), ()))
OPEN = Calling(number="+49", may=True, later_at=None, zone="Europe/Berlin", zone_known=True)
ASLEEP = Calling(
    number="+49", may=False, later_at=NOW + timedelta(hours=5), zone="Asia/Tokyo", zone_known=True,
    code="quiet_hours", reason="It is night",
)  # fmt: skip
BARRED = Calling(
    number="+49", may=False, later_at=None, zone="UTC", zone_known=True, code="do_not_call", reason="No calls"
)
YEAR = [datetime(year, 1, 1, tzinfo=UTC).replace(tzinfo=None) for year in (2026, 2027)]
moments = st.datetimes(*YEAR, timezones=st.just(UTC))


def one(kind: str, outcome: str, hours_ago: float, *, contacted: bool = False) -> ActivityRow:
    at = NOW - timedelta(hours=hours_ago)
    return ActivityRow(1, 1, None, 1, 1, ActivityKind(kind), outcome, contacted, "", None, "", None, at)


def test_attempts_count_from_the_last_time_somebody_was_reached() -> None:
    done = [
        one("call", "no_answer", 1),
        one("mail", "bounced", 2),
        one("call", "voicemail", 20),
        one("call", "talked", 50, contacted=True),
        one("call", "no_answer", 60),
    ]
    assert tried(done) == Tried(2, NOW - timedelta(hours=1))
    assert tried([]) == Tried()


LATER = NOW + timedelta(hours=3)


@pytest.mark.parametrize(
    ("made", "calling", "due_kind", "due_at", "step_at", "place", "until"),
    [
        (0, OPEN, "reply", LATER, None, Place.NOW, None),
        (0, OPEN, "next_step", NOW, NOW, Place.NOW, None),
        (1, OPEN, "reply", NOW, LATER, Place.LATER, LATER),
        (0, OPEN, "wake", LATER, None, Place.LATER, LATER),
        (0, OPEN, "nurture", NOW, None, Place.NOW, None),
        (0, ASLEEP, "reply", NOW, None, Place.QUIET, ASLEEP.later_at),
        (1, ASLEEP, "reply", NOW, LATER, Place.LATER, LATER),
        (6, OPEN, "next_step", NOW, NOW, Place.SPENT, None),
        (6, BARRED, "reply", NOW, None, Place.BARRED, None),
    ],
)
def test_each_lead_has_one_place(
    made: int,
    calling: Calling,
    due_kind: str,
    due_at: datetime,
    step_at: datetime | None,
    place: Place,
    until: datetime | None,
) -> None:
    found = place_of(Tried(made, NOW), calling, due_kind=due_kind, due_at=due_at, step_at=step_at, now=NOW)
    assert (found.outcome.place, found.outcome.until) == (place, until)
    assert bool(found.reasons) == (place is not Place.NOW)


@given(
    made=st.integers(1, MOST_ATTEMPTS - 1),
    last=moments,
    zone=st.sampled_from(ZONES),
    closed=st.frozensets(st.dates(date(2026, 1, 1), date(2027, 2, 1)), max_size=5),
)
def test_the_next_attempt_is_late_enough_at_another_time_of_a_working_day(
    made: int, last: datetime, zone: str, closed: frozenset[date]
) -> None:
    again = next_attempt(made, last, zone, Limits(), closed)
    assert again is not None
    there = again.astimezone(ZoneInfo(zone))
    assert again >= last + GAPS[made - 1]
    assert part_of(there.time()) != part_of(last.astimezone(ZoneInfo(zone)).time())
    assert there.weekday() < 5
    assert there.date() not in closed
    assert there.time() in PARTS


@given(last=moments, zone=st.sampled_from(ZONES), start=st.integers(0, 23), end=st.integers(0, 23))
def test_no_attempt_falls_into_quiet_hours_that_leave_two_parts_of_the_day(
    last: datetime, zone: str, start: int, end: int
) -> None:
    limits = Limits(quiet_from=time(start), quiet_until=time(end))
    free = [part for part, clock in enumerate(PARTS) if not is_quiet(clock, limits)]
    again = next_attempt(1, last, zone, limits, frozenset())
    assert again is not None
    if len(free) >= 2:
        assert not is_quiet(again.astimezone(ZoneInfo(zone)).time(), limits)


def test_six_attempts_are_enough_and_somebody_decides() -> None:
    assert next_attempt(MOST_ATTEMPTS, NOW, "UTC", Limits(), frozenset()) is None
    found = after_call("no_answer", MOST_ATTEMPTS, "UTC", limits=Limits(), calendar=OFFICE, now=NOW).outcome
    assert "write, recycle or give up" in found.note
    assert found.at == NOW + timedelta(days=1)


@pytest.mark.parametrize(
    "outcome", ["booked_meeting", "talked", "voicemail", "no_answer", "wrong_number", "do_not_call"]
)
def test_every_outcome_has_a_next_step_to_come(outcome: str) -> None:
    found = after_call(outcome, 1, "Europe/Berlin", limits=Limits(), calendar=OFFICE, now=NOW)
    assert found.outcome.at > NOW
    assert found.outcome.note
    assert found.reasons


@given(now=moments, zone=st.sampled_from(ZONES))
def test_put_off_is_two_hours_or_the_next_time_one_may_call(now: datetime, zone: str) -> None:
    until = put_off(now, zone, Limits(), frozenset())
    there = until.astimezone(ZoneInfo(zone))
    assert until >= now + timedelta(hours=2)
    assert there.weekday() < 5
    assert not is_quiet(there.time(), Limits())
    assert until - now <= timedelta(days=4)


def test_put_off_in_the_evening_means_the_morning() -> None:
    evening = datetime(2026, 3, 6, 19, 30, tzinfo=UTC)  # Friday, 20:30 in Berlin
    assert put_off(evening, "Europe/Berlin", Limits(), frozenset()) == datetime(2026, 3, 9, 8, 30, tzinfo=UTC)


def test_quiet_hours_may_span_midnight_noon_or_nothing() -> None:
    assert is_quiet(time(23), Limits())
    assert not is_quiet(time(12), Limits())
    assert is_quiet(time(12), Limits(quiet_from=time(11), quiet_until=time(15)))
    assert not is_quiet(time(12), Limits(quiet_from=time(12), quiet_until=time(12)))
