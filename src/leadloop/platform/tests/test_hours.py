"""When people work: calendars, holidays and absences."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from leadloop.kernel import clock
from leadloop.kernel.errors import Invalid, NotFound, Unavailable
from leadloop.ledger.contracts import by_system
from leadloop.ledger.models import Event
from leadloop.platform import queries, services
from leadloop.platform.hours import public_holidays
from leadloop.platform.models import Setting
from tests.support.cast import MONDAY, OFFICE, Cast

ACTOR = by_system("test")
WEEK = [OFFICE] * 5 + [[], []]
DAY = timedelta(days=1)


def save(**given: Any) -> int:
    fine = {"key": "lisbon", "name": "Lisbon", "zone": "Europe/Lisbon", "week": WEEK}
    return services.save_calendar(**{**fine, **given}, actor=ACTOR, now=MONDAY)


def away(cast: Cast, name: str, start: datetime, end: datetime, deputy: str | None = None) -> int:
    return services.add_absence(
        user_id=cast.user[name],
        starts_at=start,
        ends_at=end,
        deputy_id=cast.user[deputy] if deputy else None,
        actor=ACTOR,
        now=MONDAY,
    )


def test_everybody_has_a_calendar_their_own_or_the_companys(db, cast, django_assert_num_queries):
    own = save(country="PT", extra_holidays=[date(2026, 3, 3)])
    services.change_user(user_id=cast.user["dara"], changes={"calendar_id": own}, actor=ACTOR, now=MONDAY)
    for names in (["kim"], ["kim", "dara", "sam", "ola"]):
        with django_assert_num_queries(1):
            found = queries.calendars([cast.user[name] for name in names])
        assert len(found) == len(names)
    assert found[cast.user["kim"]] is found[cast.user["sam"]]
    assert found[cast.user["kim"]] == queries.company_calendar()
    lisbon = found[cast.user["dara"]]
    assert lisbon.zone == "Europe/Lisbon"
    assert date(2026, 3, 3) in lisbon.holidays
    assert not clock.is_open(datetime(2026, 3, 3, 12, tzinfo=UTC), lisbon)
    assert clock.is_open(datetime(2026, 3, 4, 12, tzinfo=UTC), lisbon)
    assert queries.calendars([-1]) == {}


def test_public_holidays_are_those_of_country_and_part(db, cast):
    with clock.at(MONDAY):
        berlin = queries.company_calendar()
    assert {date(2026, 3, 8), date(2026, 12, 25), date(2023, 10, 3), date(2032, 10, 3)} <= berlin.holidays
    assert date(2026, 3, 9) not in berlin.holidays
    assert date(2026, 3, 8) not in public_holidays("DE", "", 2026, 2026)  # women's day is a holiday in Berlin only
    assert public_holidays("", "", 2026, 2026) == frozenset()
    assert {day.year for day in public_holidays("DE", "BE", 2025, 2026)} == {2025, 2026}


def test_a_changed_calendar_counts_at_once(db, cast):
    own = save()
    services.change_user(user_id=cast.user["dara"], changes={"calendar_id": own}, actor=ACTOR, now=MONDAY)
    before = queries.calendars([cast.user["dara"]])[cast.user["dara"]]
    assert save(week=[[["08:00", "24:00"]]] * 7) == own
    after = queries.calendars([cast.user["dara"]])[cast.user["dara"]]
    assert before != after
    assert after.week[6] == ((time(8), time(0)),)
    assert queries.calendar_rows()[own].week[0] == (("08:00", "24:00"),)
    assert Event.objects.filter(kind="calendar.saved").count() == 2


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"key": "Lis bon"}, "key"),
        ({"name": ""}, "name"),
        ({"zone": "Mars/Base"}, "zone"),
        ({"week": [OFFICE] * 6}, "week"),
        ({"week": 7}, "week"),
        ({"week": [[["nine", "five"]]] * 7}, "week"),
        ({"week": [[["17:00", "09:00"]]] * 7}, "week"),
        ({"week": [["09:00"]] * 7}, "week"),
        ({"week": [[]] * 7}, "week"),
        ({"country": "XX"}, "country"),
        ({"country": "DE", "subdivision": "XX"}, "subdivision"),
    ],
)
def test_a_calendar_that_cannot_be_is_refused(db, cast, given: dict[str, Any], field: str):
    with pytest.raises(Invalid) as caught:
        save(**given)
    assert caught.value.field == field


def test_who_is_away_is_known_to_the_moment(db, cast, django_assert_num_queries):
    away(cast, "kim", MONDAY, MONDAY + DAY, deputy="ola")
    both = [cast.user["kim"], cast.user["ola"]]
    with django_assert_num_queries(1):
        assert queries.absent(both, MONDAY) == {cast.user["kim"]}
    assert queries.absent(both, MONDAY - timedelta(microseconds=1)) == set()
    assert queries.absent(both, MONDAY + DAY) == set()
    assert queries.absent([cast.user["ola"]], MONDAY) == set()


def test_an_absence_can_be_taken_back(db, cast):
    absence_id = away(cast, "kim", MONDAY, MONDAY + DAY)
    assert [row.id for row in queries.absences(MONDAY)] == [absence_id]
    services.remove_absence(absence_id=absence_id, actor=ACTOR, now=MONDAY)
    assert queries.absences(MONDAY) == []
    with pytest.raises(NotFound):
        services.remove_absence(absence_id=absence_id, actor=ACTOR, now=MONDAY)
    assert [e.kind for e in Event.objects.filter(kind__startswith="absence.").order_by("id")] == [
        "absence.added",
        "absence.removed",
    ]


def test_an_absence_that_cannot_be_is_refused(db, cast):
    with pytest.raises(Invalid, match="ends_at"):
        away(cast, "kim", MONDAY, MONDAY)
    with pytest.raises(Invalid, match="deputy_id"):
        away(cast, "kim", MONDAY, MONDAY + DAY, deputy="kim")
    services.deactivate_user(user_id=cast.user["ola"], owns={}, actor=ACTOR, now=MONDAY)
    with pytest.raises(Invalid, match="deputy_id"):
        away(cast, "kim", MONDAY, MONDAY + DAY, deputy="ola")
    with pytest.raises(NotFound):
        services.add_absence(user_id=-1, starts_at=MONDAY, ends_at=MONDAY + DAY, actor=ACTOR, now=MONDAY)


def test_before_the_installation_there_is_no_calendar(db, cast):
    Setting.objects.all().delete()
    with pytest.raises(Unavailable):
        queries.company_calendar()
