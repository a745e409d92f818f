"""What the other side counted against what came: a gap is told once, and again when it changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.capture import queries, services
from leadloop.kernel.errors import Invalid, NotFound
from leadloop.ledger.contracts import by_system, by_user
from leadloop.ledger.models import Event

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
MONDAY, TUESDAY, TODAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)
COUNTS = by_system("counts")


@pytest.fixture
def web(db: None, save: Any) -> Any:
    return save("web")


def came(portal: Any, *moments: datetime) -> None:
    for moment in moments:
        services.receive(portal=portal, body=b"{}", now=moment)


def say(portal: Any, cast: Any, **counted: int) -> None:
    days = {date.fromisoformat(day.removeprefix("d").replace("_", "-")): count for day, count in counted.items()}
    services.say_counts(portal_id=portal.id, counted=days, actor=by_user(cast.user["tomas"]), now=NOW)


def told() -> list[tuple[str, int]]:
    facts = Event.objects.filter(kind="portal.counts_differ").order_by("id")
    return [(fact.payload["day"], fact.payload["missing"]) for fact in facts]


def test_days_are_those_of_the_company_and_a_gap_is_told_once(web: Any, cast: Any) -> None:
    late = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)  # Tuesday already, in Berlin
    came(web, datetime(2026, 3, 2, 9, 0, tzinfo=UTC), late)
    say(web, cast, d2026_03_02=3, d2026_03_03=1)
    assert told() == [("2026-03-02", 2)]
    rows = queries.counts(first=MONDAY, last=TODAY)
    assert [(row.day, row.said, row.came, row.missing) for row in rows] == [(TUESDAY, 1, 1, 0), (MONDAY, 3, 1, 2)]
    assert [row.day for row in queries.gaps(now=NOW)] == [MONDAY]
    assert services.compare_counts(actor=COUNTS, now=NOW) == 0
    say(web, cast, d2026_03_02=4)
    assert told() == [("2026-03-02", 2), ("2026-03-02", 3)]


def test_a_gap_that_closes_is_told_no_more_and_one_that_opens_again_is(web: Any, cast: Any) -> None:
    say(web, cast, d2026_03_02=1)
    came(web, datetime(2026, 3, 2, 10, 0, tzinfo=UTC))
    assert services.compare_counts(actor=COUNTS, now=NOW) == 0
    assert queries.gaps(now=NOW) == []
    say(web, cast, d2026_03_02=2)
    assert told() == [("2026-03-02", 1), ("2026-03-02", 1)]


def test_more_than_was_counted_and_a_day_that_goes_on_are_no_gap(web: Any, cast: Any) -> None:
    came(web, *[datetime(2026, 3, 2, 10, 0, tzinfo=UTC)] * 3)
    say(web, cast, d2026_03_02=2, d2026_03_04=9)
    assert told() == []
    assert services.compare_counts(actor=COUNTS, now=NOW + timedelta(days=1)) == 1
    assert told() == [("2026-03-04", 9)]


@pytest.mark.parametrize(
    ("counted", "field"),
    [
        ({}, "counts"),
        ({date(2026, 3, 5): 1}, "day"),
        ({date(2020, 3, 5): 1}, "day"),
        ({MONDAY: -1}, "count"),
        ({MONDAY: 10**9}, "count"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(web: Any, cast: Any, counted: Any, field: str) -> None:
    with pytest.raises(Invalid) as wrong:
        services.say_counts(portal_id=web.id, counted=counted, actor=by_user(cast.user["tomas"]), now=NOW)
    assert wrong.value.field == field
    with pytest.raises(NotFound):
        services.say_counts(portal_id=10**6, counted={MONDAY: 1}, actor=COUNTS, now=NOW)


def test_statements_do_not_depend_on_how_many_days_there_are(web: Any, cast: Any) -> None:
    counts = []
    for days in (1, 25):
        counted = {TODAY - timedelta(days=number): 5 for number in range(1, days + 1)}
        with CaptureQueriesContext(connection) as asked:
            services.say_counts(portal_id=web.id, counted=counted, actor=by_user(cast.user["tomas"]), now=NOW)
        counts.append(len(asked))
    assert counts[0] == counts[1]
