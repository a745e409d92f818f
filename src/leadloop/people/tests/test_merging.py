"""Two records become one, and the journal can tell it all back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadloop.ledger.sql import fetch
from leadloop.people.contracts import Channel, ConsentWord, Suppress
from leadloop.people.queries import consents, contact_points, people, positions, reachable, search
from leadloop.people.rules.merging import TABLES
from leadloop.people.services import (
    allocate_company_ids,
    change_fields,
    export,
    fill_in,
    forget,
    give_consent,
    lock,
    merge_rows,
    suppress,
    withdraw_consent,
)
from leadloop.people.tests.journal import everything, undo
from leadloop.people.tests.world import ME, NOW, firm, known, told


def merge(survivor: int, loser: int) -> list[dict[str, Any]]:
    lock(sorted([survivor, loser]))
    return merge_rows(survivor, loser)


def word(person_id: int, purpose: str = "marketing") -> ConsentWord:
    return ConsentWord(person_id=person_id, channel=Channel.EMAIL, purpose=purpose, wording="Yes")


def test_gaps_are_filled_and_rows_move(db: None) -> None:
    acme, bolt = firm("Acme"), firm("Bolt")
    anna = known("Anna", "Berg", emails=("anna@x.com",), company_id=acme, city="Berlin", attributes={"size": 1})
    shadow = known(
        "Anne",
        "Klein",
        emails=("anna@y.com",),
        phones=("+49301",),
        company_id=bolt,
        title="CEO",
        city="Hamburg",
        country="DE",
        attributes={"size": 2, "colour": "red"},
        external=(("crm", "7"),),
    )

    merge(anna, shadow)

    row = people([anna])[anna]
    assert (row.name, row.city, row.country) == ("Anna Berg", "Berlin", "DE")
    assert row.attributes == {"size": 1, "colour": "red"}
    assert [(p.norm, p.is_primary) for p in contact_points([anna])[anna]] == [
        ("anna@x.com", True),
        ("anna@y.com", False),
        ("+49301", True),
    ]
    assert [(p.company_id, p.title, p.is_primary) for p in positions([anna])[anna]] == [
        (acme, "", True),
        (bolt, "CEO", False),
    ]
    assert fetch("select person_id from people_externalid", []) == [(anna,)]


def test_an_old_id_shows_the_survivor_and_is_found_no_more(db: None) -> None:
    anna, shadow = known("Anna", emails=("anna@x.com",)), known("Anne", emails=("anna@y.com",))
    merge(anna, shadow)
    assert people([shadow])[shadow].id == anna
    assert reachable([shadow], "email", "marketing")[shadow].address == "anna@x.com"
    assert [[row.id for row in search(text)] for text in ("anna@y.com", "anne")] == [[anna], []]
    assert fetch("select person_id from people_facet_person where person_id = any(%s)", [[anna, shadow]]) == [(anna,)]
    assert fill_in([(shadow, told(city="Kiel"))], actor=ME, now=NOW, source="inquiry") == {}
    change_fields(person_id=shadow, changes={"city": "Kiel"}, actor=ME, now=NOW)
    assert people([anna])[anna].city == "Kiel"


def test_what_both_have_is_there_once_and_nothing_known_of_it_is_lost(db: None) -> None:
    acme = firm("Acme")
    anna = known("Anna", emails=("anna@x.com",), company_id=acme)
    shadow = known("Anna", emails=("anna@x.com", "b@x.com"), company_id=acme, title="CEO", buying_role="user")
    suppress([Suppress(channel=Channel.EMAIL, norm="anna@x.com", reason="bounced")], actor=ME, now=NOW)
    fetch("update people_contactpoint set bad_since = null, bad_why = '' where person_id = %s returning 1", [anna])

    journal = merge(anna, shadow)

    assert [(p.norm, p.bad_why) for p in contact_points([anna])[anna]] == [("anna@x.com", "bounced"), ("b@x.com", "")]
    assert [(p.title, p.buying_role, p.is_primary) for p in positions([anna])[anna]] == [("CEO", "user", True)]
    assert sorted(c["table"] for c in journal if c["column"] == "*") == ["people_contactpoint", "people_position"]


def test_every_consent_is_kept_and_the_latest_word_rules(db: None) -> None:
    anna, shadow = known("Anna"), known("Anna")
    give_consent([word(anna), word(shadow, "newsletter")], actor=ME, now=NOW)
    withdraw_consent([word(shadow)], actor=ME, now=NOW + timedelta(days=1))
    merge(anna, shadow)
    assert {(c.purpose, c.state) for c in consents([anna])[anna]} == {
        ("marketing", "withdrawn"),
        ("newsletter", "given"),
    }
    assert fetch("select count(*) from people_consent where person_id = %s", [anna]) == [(3,)]


def test_shells_follow_to_the_last_survivor(db: None) -> None:
    anna, second, third = known("Anna"), known("Anna", city="Kiel"), known("Anna")
    merge(second, third)
    merge(anna, second)
    assert [people([i])[i].id for i in (second, third)] == [anna, anna]
    assert people([anna])[anna].city == "Kiel"


def test_erasing_any_of_the_ids_erases_them_all(db: None) -> None:
    anna, shadow = known("Anna", emails=("anna@x.com",)), known("Zebedee", emails=("zebedee@x.com",))
    merge(anna, shadow)
    assert export(shadow)["known_as"] == [anna, shadow]
    assert forget(person_id=shadow, actor=ME, now=NOW).person_ids == (anna, shadow)
    left = " ".join(row for of in everything(TABLES).values() for row in of)
    assert [name for name in ("Anna", "Zebedee", "anna@", "zebedee@") if name in left] == []


def test_a_merge_takes_as_many_statements_with_many_rows_as_with_few(db: None) -> None:
    def statements(n: int) -> int:
        emails = tuple(f"a{n}-{i}@x.com" for i in range(n))
        anna, shadow = (known("A", emails=(*emails, f"{who}{n}@x.com")) for who in ("anna", "shadow"))
        with CaptureQueriesContext(connection) as done:
            merge(anna, shadow)
        return len(done)

    assert statements(1) == statements(50)


TEXT = st.sampled_from(["", "Anna", "Berg", "Zoë"])
SOMEBODY = st.fixed_dictionaries(
    {
        "given": TEXT,
        "family": TEXT,
        "city": TEXT,
        "emails": st.lists(st.sampled_from(["a@x.com", "b@x.com", "c@x.com"]), unique=True).map(tuple),
        "firm": st.none() | st.integers(0, 1),
        "title": TEXT,
        "buying_role": st.sampled_from(["unknown", "user"]),
        "attributes": st.dictionaries(st.sampled_from("ab"), st.integers(0, 2)),
        "further": st.lists(st.integers(0, 1), max_size=2),
    }
)


def write(one: dict[str, Any], firms: list[int]) -> int:
    """Put somebody into the database, with further positions and a consent."""
    words = {key: value for key, value in one.items() if key not in ("firm", "further")}
    company_id = None if one["firm"] is None else firms[one["firm"]]
    person_id = known(**words, company_id=company_id)
    fill_in([(person_id, told(company_id=firms[i])) for i in one["further"]], actor=ME, now=NOW, source="x")
    give_consent([word(person_id)], actor=ME, now=NOW)
    return person_id


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SOMEBODY, SOMEBODY, SOMEBODY)
def test_the_journal_alone_brings_everything_back(
    db: None, one: dict[str, Any], other: dict[str, Any], third: dict[str, Any]
) -> None:
    base = allocate_company_ids(1)[0]
    firms = [firm(f"Acme {base}"), firm(f"Bolt {base}")]
    anna, shadow, further = (write(who, firms) for who in (one, other, third))
    before = everything(TABLES)
    first = merge(shadow, further)
    between = everything(TABLES)
    second = merge(anna, shadow)

    norms = [p.norm for p in contact_points([anna])[anna]]
    assert sorted(norms) == sorted({*one["emails"], *other["emails"], *third["emails"]})
    assert len(norms) == 0 or sum(p.is_primary for p in contact_points([anna])[anna]) == 1

    undo(second)
    assert everything(TABLES) == between
    undo(first)
    assert everything(TABLES) == before
