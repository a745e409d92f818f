"""Other rooms read persons and firms through views."""

from __future__ import annotations

from leadloop.criteria.registry import facet
from leadloop.ledger.sql import fetch
from leadloop.people.facets import COMPANY, PERSON
from leadloop.people.services import forget
from leadloop.people.tests.world import ME, NOW, firm, known


def test_every_declared_column_is_in_the_view_and_nothing_else(db: None) -> None:
    for view in (PERSON, COMPANY):
        found = fetch("select attname from pg_attribute where attrelid = %s::regclass and attnum > 0", [view.view])
        declared = {view.key, view.attributes, *(column.name for column in view.columns)}
        assert {name for (name,) in found} == declared


def test_a_person_is_one_row_with_the_main_addresses_and_position(db: None) -> None:
    acme = firm("Acme", employees=50)
    anna = known("Anna", "Berg", emails=("anna@x.com", "b@y.com"), company_id=acme, title="CEO", attributes={"size": 1})
    nobody = known()
    read = (
        "select person_id, email, email_domain, phone, title, company_id, attributes->>'size' from people_facet_person"
    )
    assert fetch(f"{read} where person_id = any(%s) order by 1", [[anna, nobody]]) == [
        (anna, "anna@x.com", "x.com", None, "CEO", acme, "1"),
        (nobody, None, None, None, "", None, None),
    ]
    assert fetch("select company_id, employees from people_facet_company where company_id = %s", [acme]) == [(acme, 50)]


def test_an_erased_person_is_still_counted_but_empty(db: None) -> None:
    anna = known("Anna", emails=("anna@x.com",))
    forget(person_id=anna, actor=ME, now=NOW)
    assert fetch("select given_name, email from people_facet_person where person_id = %s", [anna]) == [("", None)]


def test_what_could_name_somebody_is_marked(db: None) -> None:
    personal = {column.name for column in PERSON.columns if column.personal}
    assert personal == {"given_name", "family_name", "email", "phone"}
    assert facet("company.employees") is not None
