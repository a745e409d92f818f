"""Who has just become known looks like somebody: they are joined, suggested, or left alone."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.identity.contracts import Alike, Candidate, Likened
from leadloop.identity.queries import open_suggestions, survivors
from leadloop.identity.services import join_alike, liken, merge, never_merge
from leadloop.identity.tests.world import ME, NOW, somebody, who
from leadloop.ledger.sql import fetch
from leadloop.people.services import forget

FIRM = {"company_name": "Acme GmbH", "country": "DE", "city": "Kiel", "title": "Head of sales"}
ANNA = {"given": "Anna", "family": "Berg", **FIRM}


def new(*candidates: Candidate, alike: Alike | None = None) -> tuple[list[int], Likened]:
    """Let them become known, and compare them."""
    ids = who(*candidates)
    return ids, liken(ids, as_asked=dict.fromkeys(ids, alike) if alike else {}, actor=ME, now=NOW)


def waiting() -> list[tuple[int, int]]:
    return [(row.person_a, row.person_b) for row in open_suggestions(limit=100)]


def test_a_slip_in_an_address_is_suggested_with_its_reasons(db: None) -> None:
    (anna,), _ = new(somebody("anna.berg@acme.com", **ANNA))
    (again,), done = new(somebody("anna.breg@acme.com", given="Ana", family="Berg", **FIRM))
    assert done == Likened({}, 1)
    (row,) = open_suggestions(limit=10)
    assert (row.person_a, row.person_b) == (anna, again)
    said = {reason["code"]: reason["text"] for reason in row.reasons}
    assert said["name"] == "Similar given names, same family name"
    assert said["company"] == "Same company"
    assert row.weight > 0


@pytest.mark.parametrize(
    "other",
    [
        {"given": "Jonas", "family": "Klein", **FIRM},  # a colleague
        {"given": "Anna", "family": "Sommer", **FIRM},  # a colleague of the same given name
        {"given": "Anna", "family": "Berg", "company_name": "Bolt AG", "country": "AT", "city": "Wien"},  # a namesake
    ],
)
def test_colleagues_and_namesakes_are_left_alone(db: None, other: dict[str, str]) -> None:
    new(somebody("anna.berg@acme.com", **ANNA))
    new(somebody("somebody.else@bolt.com", **other))
    assert waiting() == []


def test_those_who_become_known_together_are_compared_too(db: None) -> None:
    ids, _ = new(somebody("anna.berg@acme.com", **ANNA), somebody("berg.anna@acme.com", **ANNA))
    assert waiting() == [tuple(ids)]


def test_five_thousand_at_a_free_mailer_are_nobody_s_doubles(db: None) -> None:
    ids, _ = new(*(somebody(f"somebody{i}@gmail.com") for i in range(5000)))
    assert waiting() == []
    assert len(ids) == 5000


def test_joining_takes_near_certainty_and_the_earlier_stays(db: None) -> None:
    (anna,), _ = new(somebody("anna.berg@acme.com", "+4930111", **ANNA))
    (sure,), done = new(somebody("berg@acme.com", "+4930111", **ANNA), alike=Alike.JOIN)
    assert done.joined == {sure: anna}
    (less,), done = new(somebody("a.b@gmail.com", given="A.", family="Berg", **FIRM), alike=Alike.JOIN)
    assert (done.joined, done.suggested) == ({}, 1)
    assert survivors([sure, less]) == {sure: anna, less: less}


def test_look_alikes_are_never_joined_unseen(db: None) -> None:
    (anna,), _ = new(somebody("anna.berg@acme.com", "+4930111", **ANNA))
    (posing,), done = new(somebody("berg@acme.com", "+4930111", lookalike=True, **ANNA), alike=Alike.JOIN)
    assert done.joined == {}
    (row,) = open_suggestions(limit=10)
    assert ((row.person_a, row.person_b), row.reasons[0]["code"]) == ((anna, posing), "look_alike")


def test_where_several_fit_somebody_is_asked(db: None) -> None:
    new(somebody("anna.berg@acme.com", "+4930111", **ANNA), somebody("berg@acme.com", "+4930111", **ANNA))
    _, done = new(somebody("anna@acme.com", "+4930111", **ANNA), alike=Alike.JOIN)
    assert (done.joined, done.suggested) == ({}, 2)


def test_as_new_nobody_is_asked_though_later_ones_find_them(db: None) -> None:
    new(somebody("anna.berg@acme.com", **ANNA))
    _, done = new(somebody("berg.anna@acme.com", **ANNA), alike=Alike.NEW)
    assert done.suggested == 0
    _, done = new(somebody("annab@acme.com", **ANNA))
    assert done.suggested == 2


def test_who_was_told_apart_is_neither_joined_nor_suggested(db: None) -> None:
    anna, again = who(somebody("anna.berg@acme.com", "+4930111", **ANNA), somebody("b@acme.com", "+4930111", **ANNA))
    never_merge(one_id=anna, other_id=again, actor=ME, now=NOW)
    done = liken([anna, again], as_asked=dict.fromkeys([anna, again], Alike.JOIN), actor=ME, now=NOW)
    assert done == Likened({}, 0)


def test_who_was_merged_is_found_as_the_survivor_and_who_was_erased_is_not_found(db: None) -> None:
    (anna, other, gone), _ = new(
        somebody("anna.berg@acme.com", **ANNA),
        somebody("x@home.net", language="de"),
        somebody("anna.b@acme.com", **ANNA),
    )
    merge(survivor_id=other, loser_id=anna, actor=ME, now=NOW)
    forget(person_id=gone, actor=ME, now=NOW)
    assert fetch("select count(*) from identity_nearkey where person_id = %s", [gone]) == [(0,)]
    (again,), _ = new(somebody("berg.anna@acme.com", **ANNA))
    assert waiting() == [(other, again)]


def test_while_an_inquiry_is_taken_in_only_the_all_but_certain_are_joined(db: None) -> None:
    (anna,), _ = new(somebody("anna.berg@acme.com", "+4930111", **ANNA))
    sure, less = who(
        somebody("berg@acme.com", "+4930111", **ANNA), somebody("ab@gmail.com", given="A.", family="Berg", **FIRM)
    )
    assert join_alike([sure, less], actor=ME, now=NOW) == {sure: anna}
    assert waiting() == []


def test_the_number_of_statements_does_not_depend_on_how_many(db: None) -> None:
    def statements(count: int) -> int:
        ids = who(
            *(
                somebody(f"berg{count}{i}@acme.com", **ANNA | {"family": f"Berg{'abcdefgh'[i % 8]}"})
                for i in range(count)
            )
        )
        with CaptureQueriesContext(connection) as done:
            liken(ids, as_asked={}, actor=ME, now=NOW)
        return sum("SAVEPOINT" not in query["sql"] for query in done)

    new(somebody("berg@acme.com", **ANNA))
    first = statements(2)
    assert first <= 9
    assert {statements(8), statements(24)} == {first}
