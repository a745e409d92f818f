"""Everybody is read once, with the main address of each kind, and who is new or changed is marked."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.people.contracts import Comparable
from leadloop.people.queries import everybody
from leadloop.people.services import change_fields, forget, merge_rows
from leadloop.people.tests.world import ME, NOW, firm, known

LATER = NOW + timedelta(days=1)


def test_a_person_is_read_with_main_address_firm_and_what_else_was_told(db: None) -> None:
    acme = firm("Acme", name_key="acme", domain="acme.example")
    anna = known(
        "Anna",
        "Berg",
        emails=("anna@acme.example", "anna@home.example"),
        phones=("+49 30 1",),
        company_id=acme,
        city="Kiel",
        attributes={"PLZ": "24103"},
    )
    bare = known(family="Costa")
    first, second = everybody()
    assert first == Comparable(
        *(anna, True, False, "Anna", "Berg", "anna@acme.example", "+49301", "acme", "acme.example", "Kiel"),
        {"PLZ": "24103"},
    )
    assert second == Comparable(bare, True, False, "", "Costa", "", "", "", "", "", None)


def test_merged_and_erased_people_are_not_there(db: None) -> None:
    anna, again, gone = known("Anna"), known("Ana"), known("Bruno")
    merge_rows(anna, again)
    forget(person_id=gone, actor=ME, now=NOW)
    assert [one.id for one in everybody()] == [anna]


def test_who_is_new_or_changed_since_is_fresh(db: None) -> None:
    known("Anna")
    bruno = known("Bruno")
    assert [one.fresh for one in everybody(NOW)] == [True, True]
    assert [one.fresh for one in everybody(LATER)] == [False, False]
    change_fields(person_id=bruno, changes={"city": "Kiel"}, actor=ME, now=LATER)
    assert [one.id for one in everybody(LATER) if one.fresh] == [bruno]


def test_one_statement_reads_everybody(db: None) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            list(everybody())
        return len([one for one in seen.captured_queries if "people_person" in one["sql"]])

    for _ in range(30):
        known("Anna")
    assert statements() <= 1
