"""Which value stays when two records become one, and why."""

from __future__ import annotations

from datetime import timedelta

import pytest

from leadloop.people.queries import contact_points, people, positions
from leadloop.people.services import change_fields, lock, merge_offers, merge_rows
from leadloop.people.tests.world import ME, NOW, firm, known


@pytest.fixture
def two(db: None) -> tuple[int, int]:
    """Anna, by hand in Kiel, and a later record of her."""
    anna = known("A.", "Berg", emails=("anna@x.com",), company_id=firm("Acme"), city="Berlin", attributes={"size": 1})
    shadow = known(
        "Anna", "Berg", emails=("b@y.com",), company_id=firm("Bolt"), title="CEO", country="AT", attributes={"size": 2}
    )
    change_fields(person_id=anna, changes={"city": "Kiel"}, actor=ME, now=NOW)
    later = NOW + timedelta(days=1)
    change_fields(person_id=shadow, changes={"city": "Bonn"}, actor=ME, now=later, source="crm")
    return anna, shadow


def decided(two: tuple[int, int], rule: str, **chosen: str) -> dict[str, tuple[str, str]]:
    return {one.field: (one.wins, one.why) for one in merge_offers(*two, rule=rule, chosen=chosen)}


@pytest.mark.parametrize(
    ("rule", "field", "wins", "why"),
    [
        ("newest", "city", "loser", "said last"),
        ("trusted", "city", "survivor", "from a more trusted source: by hand"),
        ("main", "city", "survivor", "the main record says so"),
        ("complete", "name", "loser", "says more"),
        ("usual", "name", "loser", "says more"),
        ("usual", "city", "survivor", "from a more trusted source: by hand"),
        ("usual", "email", "survivor", "the main record says so"),
        ("main", "country", "loser", "the only one"),
    ],
)
def test_the_rule_decides(two: tuple[int, int], rule: str, field: str, wins: str, why: str) -> None:
    assert decided(two, rule)[field] == (wins, why)


def test_a_choice_goes_before_the_rule_but_not_for_nothing(two: tuple[int, int]) -> None:
    found = decided(two, "main", city="loser", country="survivor")
    assert found["city"] == ("loser", "chosen by hand")
    assert found["country"] == ("loser", "the only one")


def test_what_is_taken_stays(two: tuple[int, int]) -> None:
    anna, shadow = two
    chosen = dict.fromkeys(("name", "city", "email", "position", "attributes.size"), "loser")
    taken = [name for one in merge_offers(*two, chosen=chosen) for name in one.taken]
    lock(sorted(two))
    merge_rows(anna, shadow, taken)

    row = people([anna])[anna]
    assert (row.name, row.city, row.country, row.attributes) == ("Anna Berg", "Bonn", "AT", {"size": 2})
    assert [(p.norm, p.is_primary) for p in contact_points([anna])[anna]] == [("b@y.com", True), ("anna@x.com", False)]
    assert [(p.company_name, p.is_primary) for p in positions([anna])[anna]] == [("Bolt", True), ("Acme", False)]


def test_a_main_address_that_both_have_is_made_the_main_one(db: None) -> None:
    anna = known("Anna", emails=("anna@x.com", "b@y.com"))
    shadow = known("Anna", emails=("b@y.com",))
    lock(sorted([anna, shadow]))
    merge_rows(anna, shadow, ["email"])
    assert [(p.norm, p.is_primary) for p in contact_points([anna])[anna]] == [("b@y.com", True), ("anna@x.com", False)]
