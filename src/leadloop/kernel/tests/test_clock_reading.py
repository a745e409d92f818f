"""The clock can be set, and gives the present otherwise."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from leadloop.kernel.clock import at, now
from leadloop.kernel.errors import Invalid

NOON = datetime(2025, 3, 30, 12, tzinfo=UTC)


def test_now_is_the_present_in_utc():
    before = datetime.now(UTC)
    read = now()
    assert before <= read <= datetime.now(UTC)
    assert read.tzinfo is UTC


def test_within_at_the_clock_stands_and_afterwards_runs_again():
    with at(NOON) as fixed:
        assert now() == NOON == fixed
        with at(NOON + timedelta(days=1)):
            assert now() == NOON + timedelta(days=1)
        assert now() == NOON
    assert now() != NOON


def test_the_clock_runs_again_after_an_error():
    with pytest.raises(ZeroDivisionError), at(NOON):
        raise ZeroDivisionError
    assert now() != NOON


def test_a_moment_of_another_zone_is_read_in_utc():
    with at(NOON.astimezone(timezone(timedelta(hours=5)))):
        assert now().tzinfo is UTC
        assert now() == NOON


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(Invalid, match="no time zone"), at(datetime(2025, 3, 30)):  # noqa: DTZ001
        pass
