"""The company's settings, rates, the hold on sending, and its health."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadloop.kernel import clock
from leadloop.kernel.errors import Invalid, Refused, Unavailable
from leadloop.kernel.money import Money, convert
from leadloop.ledger.contracts import by_system
from leadloop.ledger.models import Event
from leadloop.platform import health as room
from leadloop.platform import queries, services
from leadloop.platform.contracts import MissingRate, RateIn
from leadloop.platform.models import Rate, Setting
from tests.support.cast import MONDAY

ACTOR = by_system("test")
FIRST = date(2026, 1, 1)


def on(day: int) -> date:
    return FIRST + timedelta(days=day)


def put(*rates: tuple[int, str, str]) -> int:
    given = [RateIn(on(day), currency, Decimal(rate), "ECB") for day, currency, rate in rates]
    return services.set_rate(rates=given, actor=ACTOR, now=MONDAY)


def save(**changes: Any) -> None:
    services.save_settings(changes=changes, actor=ACTOR, now=MONDAY)


def test_the_newest_rate_on_or_before_the_day_counts(db, cast):
    put((0, "USD", "0.5"), (10, "USD", "0.25"), (0, "JPY", "0.006"), (0, "KWD", "3"))
    asked = [
        (1000, "USD", on(0)),
        (1000, "USD", on(9)),
        (1000, "USD", on(10)),
        (1000, "USD", on(-1)),
        (1000, "GBP", on(9)),
        (1000, "EUR", on(9)),
        (-1000, "JPY", on(9)),
        (1000, "KWD", on(9)),
        (5, "USD", on(0)),
        (15, "USD", on(0)),
    ]
    assert queries.base_amounts(asked) == [500, 500, 250, None, None, 1000, -600, 300, 2, 8]
    assert queries.base_amounts([]) == []


def test_many_amounts_cost_one_query(db, cast, django_assert_num_queries):
    put((0, "USD", "0.5"))
    with django_assert_num_queries(1):
        assert queries.base_amounts([(100, "USD", on(day % 300)) for day in range(1000)]) == [50] * 1000
    with django_assert_num_queries(1):
        queries.missing_rates([("USD", on(0)), ("GBP", on(0))])


def test_missing_rates_are_named(db, cast):
    put((5, "USD", "0.5"))
    asked = [("USD", on(4)), ("USD", on(5)), ("GBP", on(5)), ("GBP", on(5)), ("EUR", on(5))]
    assert queries.missing_rates(asked) == [MissingRate("GBP", on(5), "EUR"), MissingRate("USD", on(4), "EUR")]


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rates=st.dictionaries(
        st.integers(0, 20), st.decimals("0.0001", "1000", places=4, allow_nan=False), min_size=1, max_size=5
    ),
    amounts=st.lists(st.tuples(st.integers(-(10**12), 10**12), st.integers(-2, 25)), max_size=8),
)
def test_base_amounts_are_those_worked_out_by_hand(db, rates: dict[int, Decimal], amounts: list[tuple[int, int]]):
    Rate.objects.all().delete()
    put(*((day, "USD", str(rate)) for day, rate in rates.items()))
    expected = [
        convert(Money(minor, "USD"), rates[max(known)], "EUR").minor
        if (known := [d for d in rates if d <= day])
        else None
        for minor, day in amounts
    ]
    assert queries.base_amounts([(minor, "USD", on(day)) for minor, day in amounts]) == expected


def test_setting_the_same_rate_again_changes_nothing(db, cast, django_assert_num_queries):
    assert put((0, "USD", "0.5"), (1, "USD", "0.6")) == 2
    assert put((0, "USD", "0.50"), (1, "USD", "0.7")) == 1
    assert [(row.day, row.rate) for row in queries.rates("USD")] == [(on(1), Decimal("0.7")), (on(0), Decimal("0.5"))]
    said = [event.payload for event in Event.objects.filter(kind="rate.set").order_by("id")]
    assert said[-1] == {"of": "USD", "base": "EUR", "day": on(1).isoformat(), "rate": "0.7"}
    assert len(said) == 3
    for number in (1, 200):
        with django_assert_num_queries(5):  # two of them open and close a savepoint
            put(*((day + 10, "GBP", f"1.{number}") for day in range(number)))
    assert put() == 0


@pytest.mark.parametrize(
    ("currency", "rate", "field"),
    [
        ("EUR", "1", "currency"),
        ("XXX", "1", "currency"),
        ("USD", "0", "rate"),
        ("USD", "-1", "rate"),
        ("USD", "NaN", "rate"),
        ("USD", "Infinity", "rate"),
        ("USD", "1e10", "rate"),
        ("USD", "0.00000000001", "rate"),
    ],
)
def test_a_rate_that_cannot_be_is_refused(db, cast, currency: str, rate: str, field: str):
    with pytest.raises(Invalid) as caught:
        put((0, currency, rate))
    assert caught.value.field == field
    assert queries.rates() == []


def test_settings_are_changed_one_by_one(db, cast):
    save(company_name="Alder & Sons", fiscal_year_start=4)
    company = queries.company()
    assert (company.name, company.fiscal_year_start, company.currency) == ("Alder & Sons", 4, "EUR")
    save(fiscal_year_start=4)
    said = [event.payload["changes"] for event in Event.objects.filter(kind="settings.changed")]
    assert said == [{"company_name": ["Alder & Finch", "Alder & Sons"], "fiscal_year_start": ["1", "4"]}]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"company_name": ""}, "company_name"),
        ({"zone": "Mars/Base"}, "zone"),
        ({"country": "Germany"}, "country"),
        ({"fiscal_year_start": 13}, "fiscal_year_start"),
        ({"calendar_id": -1}, "calendar_id"),
        ({"currency": "XXX"}, "currency"),
        ({"sending_held_since": None}, "sending_held_since"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(db, cast, changes: dict[str, Any], field: str):
    with pytest.raises(Invalid) as caught:
        save(**changes)
    assert caught.value.field == field


def test_the_currency_of_base_amounts_stays(db, cast):
    save(currency="GBP")  # nothing is counted in it yet
    save(currency="EUR")
    services.set_rate(rates=[RateIn(on(0), "USD", Decimal("0.9"))], actor=ACTOR, now=MONDAY)
    save(currency="EUR")
    with pytest.raises(Refused):
        save(currency="USD")


def test_a_company_is_set_up_once(db, cast):
    calendar_id = queries.company().calendar_id
    Setting.objects.all().delete()
    assert not queries.installed()
    for asked in (queries.company, lambda: queries.base_amounts([(1, "USD", on(0))])):
        with pytest.raises(Unavailable):
            asked()
    with pytest.raises(Unavailable):
        services.hold_sending(why="", actor=ACTOR, now=MONDAY)
    with pytest.raises(Invalid, match="calendar_id"):
        save(company_name="Alder & Finch")
    save(company_name="Alder & Finch", calendar_id=calendar_id, currency="CHF")
    assert queries.installed()
    assert queries.company().currency == "CHF"


def test_sending_is_held_until_somebody_releases_it(db, cast):
    services.hold_sending(why="restored from a backup", actor=ACTOR, now=MONDAY)
    services.hold_sending(why="again", actor=ACTOR, now=MONDAY + timedelta(hours=1))
    company = queries.company()
    assert (company.sending_held_since, company.sending_held_why) == (MONDAY, "restored from a backup")
    assert room.health(now=MONDAY)["sending_held"] == "restored from a backup"
    services.release_sending(actor=ACTOR, now=MONDAY)
    services.release_sending(actor=ACTOR, now=MONDAY)
    assert queries.company().sending_held_since is None
    said = list(Event.objects.filter(kind__startswith="sending.").order_by("id").values_list("kind", "reason"))
    assert said == [("sending.held", "restored from a backup"), ("sending.released", "")]


def test_health_knows_who_is_silent(db, cast):
    assert room.health(now=MONDAY)["ok"]
    assert room.health(now=MONDAY)["pump_lag_seconds"] is None
    services.beat(process="web", now=MONDAY)
    services.beat(process="pump", detail={"lag_seconds": 0.5}, now=MONDAY - timedelta(seconds=60))
    services.beat(process="pump", detail={"lag_seconds": 0.5}, now=MONDAY - timedelta(seconds=15))
    report = room.health(now=MONDAY)
    assert report["ok"]
    assert report["pump_lag_seconds"] == 15.5
    assert report["database"]["version"]
    assert set(report["versions"]) == {"leadloop", "python", "django"}
    later = room.health(now=MONDAY + timedelta(seconds=1))
    assert not later["ok"]
    assert {name: one["ok"] for name, one in later["processes"].items()} == {"pump": False, "web": True}
    assert [row.process for row in queries.beats()] == ["pump", "web"]
    services.beat(process="pump-bulk", now=MONDAY - timedelta(hours=1))
    assert room.health(now=MONDAY)["pump_lag_seconds"] == 3600.0


def test_a_process_that_beats_without_saying_when_beats_by_the_clock(db, cast):
    with clock.at(MONDAY):
        services.beat(process="worker")
    assert queries.beats()[0].at == MONDAY


def test_health_says_so_when_the_database_is_gone(db, cast, monkeypatch):
    def gone(*_: Any) -> Any:
        raise DatabaseError("the server closed the connection")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", gone)
        report = room.health(now=MONDAY)
    assert not report["ok"]
    assert not report["database"]["ok"]
    assert report["versions"]
