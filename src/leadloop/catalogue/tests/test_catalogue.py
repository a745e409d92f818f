"""What Alder & Finch sells, and at which price on which day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.catalogue import queries, services
from leadloop.catalogue.contracts import NewFamily, NewPrice, NewProduct, NewTerm, TermRow
from leadloop.kernel.errors import Invalid
from leadloop.ledger.contracts import by_system, by_user
from leadloop.ledger.models import Event
from tests.support.cast import MONDAY

pytestmark = pytest.mark.django_db
BY: dict[str, Any] = {"actor": by_system("install"), "now": MONDAY}


def pump(cast: Any) -> int:
    new = NewProduct(sku="P-100", name="Pump 100", family_id=cast.interest["pumps"])
    return services.add_product(products=[new], **BY)["P-100"]


def said() -> list[str]:
    return list(Event.objects.order_by("id").values_list("kind", flat=True))


def test_adding_what_is_there_changes_nothing(cast: Any) -> None:
    first = services.add_family(families=[NewFamily("valves", "Valves"), NewFamily("pumps", "Renamed")], **BY)
    again = services.add_family(families=[NewFamily("valves", "Other")], **BY)
    assert first["pumps"] == cast.interest["pumps"]
    assert again["valves"] == first["valves"] == queries.family_id("valves")
    assert queries.families()[first["valves"]].name == "Valves"
    assert queries.families()[first["pumps"]].name == "Pumps"
    assert said() == ["family.added"]


def test_a_family_nobody_knows_has_no_id() -> None:
    assert queries.family_id("unheard-of") is None


@pytest.mark.parametrize("key", ["", "Pumps", "with blank", "-x", "ä"])
def test_a_key_of_the_wrong_form_is_refused(key: str) -> None:
    with pytest.raises(Invalid) as refused:
        services.add_family(families=[NewFamily(key, "Name")], **BY)
    assert refused.value.field == "key"
    assert refused.value.mend


def test_the_price_of_a_day_is_the_latest_set_before_it(cast: Any) -> None:
    product = pump(cast)
    days = [(date(2026, 1, 1), 90_000), (date(2026, 3, 1), 95_000)]
    services.set_price(prices=[NewPrice(product, "EUR", minor, day) for day, minor in days], **BY)
    assert queries.price(product, "EUR", date(2025, 12, 31)) is None
    for day, minor in [
        (date(2026, 1, 1), 90_000),
        (date(2026, 2, 28), 90_000),
        (date(2026, 3, 1), 95_000),
        (date(2030, 1, 1), 95_000),
    ]:
        found = queries.price(product, "EUR", day)
        assert found
        assert found.minor == minor
    assert queries.price(product, "USD", date(2026, 3, 1)) is None


def test_one_off_and_monthly_prices_stand_side_by_side(cast: Any) -> None:
    product, day = pump(cast), date(2026, 1, 1)
    once = NewPrice(product, "EUR", 90_000, day)
    monthly = NewPrice(product, "EUR", 2_500, day, per_month=True)
    services.set_price(prices=[once, monthly], **BY)
    held = queries.prices([product], "EUR", day)
    assert {key: row.minor for key, row in held.items()} == {(product, False): 90_000, (product, True): 2_500}


def test_the_same_day_again_replaces_the_amount_and_says_so_once(cast: Any) -> None:
    product, day = pump(cast), date(2026, 1, 1)
    assert services.set_price(prices=[NewPrice(product, "EUR", 1, day)], **BY) == 1
    assert services.set_price(prices=[NewPrice(product, "EUR", 1, day)], **BY) == 0
    who = by_user(cast.user["viktor"])
    assert services.set_price(prices=[NewPrice(product, "EUR", 2, day)], actor=who, now=MONDAY) == 1
    last = Event.objects.order_by("-id")[0]
    assert (last.kind, last.amount, last.currency, last.actor) == ("price.set", 2, "EUR", who)
    assert said().count("price.set") == 2


@pytest.mark.parametrize(("currency", "minor", "field"), [("EUR", -1, "price"), ("DOUBLOON", 1, "currency")])
def test_a_price_that_is_none_is_refused(cast: Any, currency: str, minor: int, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        services.set_price(prices=[NewPrice(pump(cast), currency, minor, date(2026, 1, 1))], **BY)
    assert refused.value.field == field


def test_two_amounts_for_one_day_in_one_batch_are_asked_about(cast: Any) -> None:
    product, day = pump(cast), date(2026, 1, 1)
    with pytest.raises(Invalid, match="same day"):
        services.set_price(prices=[NewPrice(product, "EUR", 1, day), NewPrice(product, "EUR", 2, day)], **BY)


def test_unknown_family_and_product_are_named() -> None:
    with pytest.raises(Invalid, match="no family 987654"):
        services.add_product(products=[NewProduct("X", "X", 987654)], **BY)
    with pytest.raises(Invalid, match="no product 987654"):
        services.set_price(prices=[NewPrice(987654, "EUR", 1, date(2026, 1, 1))], **BY)


def test_payment_terms_come_shortest_first() -> None:
    ids = services.add_term(terms=[NewTerm("net30", "30 days", 30), NewTerm("now", "At once", 0)], **BY)
    assert list(queries.terms().values()) == [
        TermRow(ids["now"], "now", "At once", 0),
        TermRow(ids["net30"], "net30", "30 days", 30),
    ]
    with pytest.raises(Invalid):
        services.add_term(terms=[NewTerm("never", "Never", -1)], **BY)


def test_a_large_batch_costs_as_many_queries_as_a_small_one(cast: Any) -> None:
    counts = []
    for size in (1, 300):
        new = [NewProduct(f"{size}-{n}", "Part", cast.interest["pumps"]) for n in range(size)]
        with CaptureQueriesContext(connection) as seen:
            ids = services.add_product(products=new, **BY)
            services.set_price(prices=[NewPrice(i, "EUR", 5, date(2026, 1, 1)) for i in ids.values()], **BY)
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert {row.sku for row in queries.products().values()} >= {"1-0", "300-299"}
