"""Who may be contacted, for what, when."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.outreach.contracts import Limits, Purpose, Verdict
from leadloop.outreach.rules.contact import DAY, WEEK, Standing, free_at, may_call, may_contact
from leadloop.outreach.rules.quiet import awake_at
from leadloop.outreach.zones import candidates

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
NIGHT = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
LIMITS = Limits(per_day=1, per_week=3, quiet_from=time(21), quiet_until=time(8))
MARKETING, TRANSACTIONAL, INTERNAL = Purpose.MARKETING, Purpose.TRANSACTIONAL, Purpose.INTERNAL
AGREED = Standing("a@b.example", consent="given")


def ago(**delta: float) -> datetime:
    return NOON - timedelta(**delta)


def asked(standing: Standing, purpose: Purpose, now: datetime = NOON, limits: Limits = LIMITS) -> tuple[Verdict, str]:
    decision = may_contact(standing, purpose, limits, now)
    return decision.outcome, decision.reasons[0].code if decision.reasons else ""


YES, NO = Verdict(may=True), Verdict(may=False)


@pytest.mark.parametrize(
    ("standing", "purpose", "verdict", "code"),
    [
        (AGREED, MARKETING, YES, ""),
        (Standing("a@b.example"), MARKETING, NO, "no_consent"),
        (Standing("a@b.example", consent="withdrawn"), MARKETING, NO, "consent_withdrawn"),
        (Standing("a@b.example", consent="given", suppressed=True), MARKETING, NO, "suppressed"),
        (Standing(None, consent="given"), MARKETING, NO, "no_address"),
        (Standing("a@b.example"), TRANSACTIONAL, YES, ""),
        (Standing("a@b.example", consent="withdrawn"), TRANSACTIONAL, YES, ""),
        (Standing("a@b.example", suppressed=True), TRANSACTIONAL, NO, "suppressed"),
        (Standing(None), TRANSACTIONAL, NO, "no_address"),
        (Standing("kim@us.example", suppressed=True), INTERNAL, YES, ""),
        (Standing(None), INTERNAL, NO, "no_address"),
    ],
)
def test_who_may_be_written_to(standing: Standing, purpose: Purpose, verdict: Verdict, code: str) -> None:
    assert asked(standing, purpose) == (verdict, code)


def test_every_no_says_why_in_words() -> None:
    for standing in (Standing(None), Standing("x", suppressed=True), Standing("x")):
        assert all(reason.text for reason in may_contact(standing, MARKETING, LIMITS, NOON).reasons)


def test_a_second_marketing_contact_waits_out_the_day() -> None:
    standing = Standing("a@b.example", consent="given", contacts=(ago(hours=3),))
    assert asked(standing, MARKETING) == (Verdict(may=False, later_at=NOON + timedelta(hours=21)), "daily_limit")
    assert asked(standing, TRANSACTIONAL) == (YES, "")


def test_a_fourth_one_waits_out_the_week() -> None:
    contacts = (ago(days=2), ago(days=4), ago(days=6, hours=23))
    standing = Standing("a@b.example", consent="given", contacts=contacts)
    verdict, code = asked(standing, MARKETING)
    assert code == "weekly_limit"
    assert verdict.later_at == NOON + timedelta(hours=1)


def test_a_wait_that_ends_at_night_goes_on_until_morning() -> None:
    standing = Standing("a@b.example", consent="given", zones=("Europe/Berlin",), contacts=(ago(hours=14),))
    decision = may_contact(standing, MARKETING, LIMITS, NOON)
    assert decision.outcome.later_at == datetime(2026, 3, 3, 7, 0, tzinfo=UTC)
    assert [reason.code for reason in decision.reasons] == ["daily_limit", "quiet_hours"]


def test_a_limit_of_nought_switches_marketing_off_and_nothing_else() -> None:
    off = Limits(per_day=0, per_week=3)
    assert asked(AGREED, MARKETING, limits=off) == (NO, "marketing_off")
    assert asked(AGREED, TRANSACTIONAL, limits=off) == (YES, "")
    assert asked(AGREED, INTERNAL, limits=off) == (YES, "")


def test_marketing_waits_for_a_server_that_refuses_us() -> None:
    standing = Standing("a@b.example", consent="given", paused_until=NOON + timedelta(hours=1))
    assert asked(standing, MARKETING) == (Verdict(may=False, later_at=NOON + timedelta(hours=1)), "paused")
    assert asked(standing, TRANSACTIONAL) == (YES, "")


def test_an_answer_by_rule_goes_out_once_a_day() -> None:
    for answered, expected in ((ago(hours=23), NO), (ago(hours=24), YES), (None, YES)):
        standing = Standing("a@b.example", answered_at=answered)
        assert may_contact(standing, TRANSACTIONAL, LIMITS, NOON, auto_answer=True).outcome == expected
        assert may_contact(standing, TRANSACTIONAL, LIMITS, NOON).outcome == YES


def test_at_night_marketing_waits_and_an_answer_does_not() -> None:
    standing = Standing("a@b.example", consent="given", zones=("Europe/Berlin",))
    morning = datetime(2026, 3, 3, 7, 0, tzinfo=UTC)
    assert asked(standing, MARKETING, NIGHT) == (Verdict(may=False, later_at=morning), "quiet_hours")
    assert asked(standing, TRANSACTIONAL, NIGHT) == (YES, "")


def test_quiet_hours_follow_the_clock_change() -> None:
    before = datetime(2026, 3, 28, 22, 0, tzinfo=UTC)  # clocks go forward that night
    assert awake_at(before, ("Europe/Berlin",), LIMITS) == datetime(2026, 3, 29, 6, 0, tzinfo=UTC)


def test_without_quiet_hours_any_time_is_good() -> None:
    assert awake_at(NIGHT, ("Europe/Berlin",), Limits(quiet_from=time(0), quiet_until=time(0))) == NIGHT


def test_a_person_somewhere_in_a_wide_country_is_written_to_when_nobody_there_sleeps() -> None:
    zones = candidates("", "US", "Europe/Berlin", "DE")
    assert {"America/New_York", "Pacific/Honolulu"} <= set(zones)
    moment = awake_at(datetime(2026, 3, 2, 12, 0, tzinfo=UTC), zones, LIMITS)
    assert moment == datetime(2026, 3, 2, 18, 0, tzinfo=UTC)  # eight o'clock in Honolulu
    assert awake_at(datetime(2026, 3, 3, 1, 59, tzinfo=UTC), zones, LIMITS) == datetime(2026, 3, 3, 1, 59, tzinfo=UTC)
    assert awake_at(datetime(2026, 3, 3, 2, 0, tzinfo=UTC), zones, LIMITS) == datetime(2026, 3, 3, 18, 0, tzinfo=UTC)


def test_zones_whose_nights_cover_the_day_leave_no_moment() -> None:
    standing = Standing("a@b.example", consent="given", zones=("Europe/London", "Asia/Tokyo", "America/Los_Angeles"))
    assert asked(standing, MARKETING) == (NO, "always_quiet")


@pytest.mark.parametrize(
    ("zone", "country", "zones"),
    [
        ("Asia/Tokyo", "DE", ("Asia/Tokyo",)),
        ("Not/AZone", "JP", ("Asia/Tokyo",)),
        ("", "jp", ("Asia/Tokyo",)),
        ("", "", ("Europe/Vienna", "Europe/Berlin", "Europe/Busingen")),
        ("", "XX", ("Europe/Vienna", "Europe/Berlin", "Europe/Busingen")),
    ],
)
def test_where_somebody_may_be(zone: str, country: str, zones: tuple[str, ...]) -> None:
    assert candidates(zone, country, "Europe/Vienna", "DE") == zones


ZONES = st.lists(
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Honolulu", "Australia/Lord_Howe"]),
    min_size=1,
    unique=True,
)
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=365)).map(lambda since: NOON + since)


@given(MOMENTS, ZONES, st.times(), st.times())
def test_the_moment_found_is_quiet_nowhere_and_the_first(t: datetime, zones: list[str], start: time, end: time) -> None:
    limits = Limits(quiet_from=start.replace(microsecond=0), quiet_until=end.replace(microsecond=0))
    found = awake_at(t, tuple(zones), limits)

    def quiet(moment: datetime) -> bool:
        for zone in zones:
            wall = moment.astimezone(ZoneInfo(zone)).time()
            if limits.quiet_from == limits.quiet_until:
                continue
            if limits.quiet_from < limits.quiet_until:
                asleep = limits.quiet_from <= wall < limits.quiet_until
            else:
                asleep = wall >= limits.quiet_from or wall < limits.quiet_until
            if asleep:
                return True
        return False

    until = found or t + timedelta(days=1)
    assert found is None or (found >= t and not quiet(found))
    steps = int((until - t).total_seconds() // 1800)
    assert all(quiet(t + i * timedelta(minutes=30)) for i in range(min(steps, 48)))


@given(st.lists(st.timedeltas(timedelta(0), timedelta(days=9)), max_size=12), st.integers(1, 5))
def test_within_any_window_there_are_never_more_contacts_than_allowed(ages: list[timedelta], limit: int) -> None:
    contacts: list[datetime] = []
    for moment in sorted(NOON - age for age in ages):
        contacts.append(free_at(contacts, limit, DAY, max([moment, *contacts])))
    for at in contacts:
        assert sum(at - DAY < other <= at for other in contacts) <= limit


@given(st.lists(st.timedeltas(timedelta(0), WEEK * 2), max_size=12), st.integers(1, 5))
def test_the_moment_given_is_the_first_at_which_it_is_free(ages: list[timedelta], limit: int) -> None:
    contacts = [NOON - age for age in ages]
    free = free_at(contacts, limit, WEEK, NOON)
    assert sum(at > free - WEEK for at in contacts) < limit
    if free > NOON:
        just_before = free - timedelta(microseconds=1)
        assert sum(at > just_before - WEEK for at in contacts) >= limit


REACHED = Standing("+49 30 5550101", zones=("Europe/Berlin",))


@pytest.mark.parametrize(
    ("standing", "now", "verdict", "code"),
    [
        (REACHED, NOON, YES, ""),
        (Standing(None), NOON, NO, "no_number"),
        (Standing("+49 30 5550101", suppressed=True), NOON, NO, "do_not_call"),
        (Standing("+49 30 5550101", "withdrawn"), NOON, NO, "consent_withdrawn"),
        (REACHED, NIGHT, Verdict(may=False, later_at=datetime(2026, 3, 3, 7, 0, tzinfo=UTC)), "quiet_hours"),
        (
            Standing("+64 9 5550101", zones=("Asia/Kolkata", "America/Los_Angeles", "Europe/London")),
            NOON,
            NO,
            "always_quiet",
        ),
    ],
)
def test_a_call_rings_so_it_keeps_to_the_day_where_they_are(
    standing: Standing, now: datetime, verdict: Verdict, code: str
) -> None:
    decision = may_call(standing, LIMITS, now)
    assert (decision.outcome, decision.reasons[0].code if decision.reasons else "") == (verdict, code)


@given(hour=st.integers(0, 23), zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Tokyo"]))
def test_who_may_be_called_later_may_be_called_then(hour: int, zone: str) -> None:
    now = NOON.replace(hour=hour)
    standing = Standing("+49 30 5550101", zones=(zone,))
    verdict = may_call(standing, LIMITS, now).outcome
    assert verdict.may != (verdict.later_at is not None)
    if verdict.later_at is not None:
        assert may_call(standing, LIMITS, verdict.later_at).outcome == YES
