"""Changes by hand, and taking them back."""

from __future__ import annotations

from typing import Any

import pytest

from leadloop.kernel.errors import Conflict, Invalid, NotFound
from leadloop.people.queries import account_owners, accounts_of, companies, people, positions, search, search_companies
from leadloop.people.services import change_company, change_fields, export, forget
from leadloop.people.tests.world import ME, NOW, facts, firm, known


def change(person_id: int, **changes: Any) -> dict[str, Any]:
    return change_fields(person_id=person_id, changes=changes, actor=ME, now=NOW)


def change_firm(company_id: int, **changes: Any) -> dict[str, Any]:
    return change_company(company_id=company_id, changes=changes, actor=ME, now=NOW)


def test_a_change_is_told_kept_and_can_be_taken_back(db: None) -> None:
    anna = known("Anna", "Berg", emails=("anna@x.com",), city="Berlin", title="CEO", attributes={"size": 1})
    wanted = {"family_name": "Klein", "city": "", "title": "CFO", "attributes.size": None, "attributes.colour": "red"}

    before = change_fields(person_id=anna, changes=wanted, actor=ME, now=NOW)

    row = people([anna])[anna]
    assert (row.name, row.city, row.title, row.attributes) == ("Anna Klein", "", "CFO", {"colour": "red"})
    assert before == {
        "family_name": "Berg",
        "city": "Berlin",
        "title": "CEO",
        "attributes.size": 1,
        "attributes.colour": None,
    }
    assert [[row.id for row in search(name)] for name in ("klein", "berg")] == [[anna], []]
    assert {(h["field"], h["old"], h["new"]) for h in export(anna)["field_history"]} >= {
        ("family_name", "Berg", "Klein")
    }
    assert len(facts("person.changed", anna)) == 1

    change_fields(person_id=anna, changes=before, actor=ME, now=NOW)
    row = people([anna])[anna]
    assert (row.name, row.city, row.title, row.attributes) == ("Anna Berg", "Berlin", "CEO", {"size": 1})


def test_what_is_so_already_is_no_change(db: None) -> None:
    anna = known("Anna", title="CEO")
    assert change(anna, given_name=" Anna ", title="CEO") == {}
    assert facts("person.changed") == []


def test_a_title_can_be_given_to_somebody_without_a_position(db: None) -> None:
    anna = known("Anna")
    assert change(anna, title="CEO", buying_role="decision_maker") == {"title": "", "buying_role": "unknown"}
    assert [(p.title, p.buying_role, p.is_primary) for p in positions([anna])[anna]] == [
        ("CEO", "decision_maker", True)
    ]


def test_a_disguised_name_is_marked(db: None) -> None:
    anna = known("Anna")
    change(anna, given_name="Аnna")
    assert people([anna])[anna].lookalike


def test_who_does_not_exist_or_was_erased_can_not_be_changed(db: None) -> None:
    anna = known("Anna")
    forget(person_id=anna, actor=ME, now=NOW)
    with pytest.raises(Conflict):
        change(anna, city="Berlin")
    with pytest.raises(NotFound):
        change(anna + 1000, city="Berlin")


def test_a_firm_can_be_changed_and_changed_back(db: None, cast: Any) -> None:
    acme = firm("Acme", name_key="acme", employees=5)
    before = change_firm(
        acme, name="Bolt AG", employees=7, account_owner_id=cast.user["kim"], **{"attributes.tier": "A"}
    )
    row = companies([acme])[acme]
    assert (row.name, row.employees, row.account_owner_id, row.attributes) == (
        "Bolt AG",
        7,
        cast.user["kim"],
        {"tier": "A"},
    )
    assert [row.id for row in search_companies("bolt")] == [acme]
    assert accounts_of([cast.user["kim"], cast.user["ola"]]) == {cast.user["kim"]: 1}

    change_company(company_id=acme, changes=before, actor=ME, now=NOW)
    row = companies([acme])[acme]
    assert (row.name, row.employees, row.account_owner_id, row.attributes) == ("Acme", 5, None, {})
    assert len(facts("company.changed")) == 2


def test_a_firm_without_an_owner_has_its_parents(db: None, cast: Any) -> None:
    top, middle, bottom, other = (firm(name) for name in ("Top", "Middle", "Bottom", "Other"))
    change_firm(middle, parent_id=top)
    change_firm(bottom, parent_id=middle)
    change_firm(top, account_owner_id=cast.user["kim"])
    assert account_owners([top, bottom, other]) == {top: cast.user["kim"], bottom: cast.user["kim"]}
    change_firm(middle, account_owner_id=cast.user["ola"])
    assert account_owners([bottom]) == {bottom: cast.user["ola"]}


def test_a_firm_never_stands_above_itself(db: None) -> None:
    top, bottom = firm("Top"), firm("Bottom")
    change_firm(bottom, parent_id=top)
    for parent in (bottom, top + bottom + 1000):
        with pytest.raises(Invalid) as wrong:
            change_firm(top, parent_id=parent)
        assert wrong.value.field == "parent_id"


def test_an_account_belongs_to_somebody_who_works_here(db: None, cast: Any) -> None:
    acme = firm("Acme")
    with pytest.raises(Invalid):
        change_firm(acme, account_owner_id=10**9)
    with pytest.raises(NotFound):
        change_firm(acme + 1000, name="Bolt")
