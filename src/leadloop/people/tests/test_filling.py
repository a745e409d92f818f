"""What further inquiries add, and what they must not touch."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from leadloop.people.contracts import ContactValue, NewCompany, NewPerson
from leadloop.people.queries import companies, contact_points, people, positions, search
from leadloop.people.rules.filling import TEXTS, Known, _Draft, _is_known, missing
from leadloop.people.services import export, fill_in, fill_in_companies
from leadloop.people.tests.world import ME, NOW, facts, firm, known, told


def fill(*pairs: tuple[int, NewPerson]) -> dict[int, list[str]]:
    return fill_in(pairs, actor=ME, now=NOW, source="inquiry")


def test_gaps_are_filled_and_nothing_is_overwritten(db: None) -> None:
    anna = known("Anna", "Berg", emails=("anna@x.com",), city="Berlin", attributes={"size": 1})

    changed = fill(
        (
            anna,
            told(
                "Annika",
                "Klein",
                emails=("anna@x.com", "anna@y.com"),
                phones=("+49 30 1",),
                city="Hamburg",
                country="DE",
                attributes={"size": 2, "colour": "red"},
            ),
        )
    )

    row = people([anna])[anna]
    assert (row.name, row.city, row.country, row.email, row.phone) == (
        "Anna Berg",
        "Berlin",
        "DE",
        "anna@x.com",
        "+49 30 1",
    )
    assert row.attributes == {"size": 1, "colour": "red"}
    assert [p.norm for p in contact_points([anna])[anna] if p.is_primary] == ["anna@x.com", "+49301"]
    assert changed == {anna: ["country", "attributes.colour", "email", "phone"]}
    assert [payload for *_, payload in facts("person.changed")] == [
        '{"fields": ["country", "attributes.colour", "email", "phone"]}'
    ]
    history = {(row["field"], row["old"], row["new"]) for row in export(anna)["field_history"]}
    assert history == {
        ("country", "", "DE"),
        ("attributes.colour", "", "red"),
        ("email", "", "anna@y.com"),
        ("phone", "", "+49 30 1"),
    }
    assert [row.id for row in search("anna@y.com")] == [anna]


def test_what_is_known_already_writes_nothing(db: None) -> None:
    acme = firm("Acme")
    words: dict[str, Any] = {"emails": ("anna@x.com",), "company_id": acme, "title": "CEO", "external": (("crm", "1"),)}
    anna = known("Anna", "Berg", **words)
    with CaptureQueriesContext(connection) as asked:
        assert fill((anna, told("Anna", "Berg", **words)), (anna, told(emails=("anna@x.com",)))) == {}
    assert [query["sql"].split()[0].lower() for query in asked] == ["select"]
    assert facts("person.changed") == []


def test_a_further_firm_makes_a_further_position_and_the_main_one_stays(db: None) -> None:
    acme, bolt = firm("Acme"), firm("Bolt")
    anna = known("Anna", company_id=acme, title="CEO")
    fill((anna, told(company_id=bolt, title="Adviser")), (anna, told(company_id=bolt, buying_role="influencer")))
    assert [(p.company_id, p.title, p.buying_role, p.is_primary) for p in positions([anna])[anna]] == [
        (acme, "CEO", "unknown", True),
        (bolt, "Adviser", "influencer", False),
    ]


def test_the_first_firm_that_becomes_known_is_the_main_one(db: None) -> None:
    acme = firm("Acme")
    anna = known("Anna", emails=("anna@x.com",))
    fill((anna, told(company_id=acme)))
    assert people([anna])[anna].company_id == acme


def test_a_title_that_stood_alone_gets_its_firm(db: None) -> None:
    acme = firm("Acme")
    anna = known("Anna", title="Founder")
    fill((anna, told(company_id=acme, title="founder")))
    assert [(p.title, p.company_id) for p in positions([anna])[anna]] == [("Founder", acme)]


def test_a_title_without_a_firm_goes_to_the_main_position(db: None) -> None:
    acme = firm("Acme")
    anna = known("Anna", company_id=acme)
    fill((anna, told(title="CEO")))
    assert [(p.title, p.company_id) for p in positions([anna])[anna]] == [("CEO", acme)]


def test_several_words_about_one_person_in_a_batch_meet(db: None) -> None:
    anna = known("Anna", emails=("anna@x.com",))
    fill((anna, told(city="Berlin", emails=("b@x.com",))), (anna, told(city="Hamburg", emails=("b@x.com", "c@x.com"))))
    assert people([anna])[anna].city == "Berlin"
    assert [p.norm for p in contact_points([anna])[anna]] == ["anna@x.com", "b@x.com", "c@x.com"]
    assert len(facts("person.changed")) == 1


def test_a_disguised_name_is_marked_only_when_it_is_taken(db: None) -> None:
    anna, nobody = known("Anna", "Berg"), known(emails=("x@x.com",))
    fill((anna, told("Аnna", "Berg", lookalike=True, city="Kiel")), (nobody, told("Аnna", "Berg", lookalike=True)))
    assert [people([i])[i].lookalike for i in (anna, nobody)] == [False, True]


def test_five_hundred_take_as_many_statements_as_one(db: None) -> None:
    def statements(n: int) -> int:
        ids = [known("A", emails=(f"a{i}@x{n}.com",)) for i in range(n)]
        pairs = [(i, told(city="Berlin", title="CEO", phones=(f"+49 {i}",), external=(("crm", str(i)),))) for i in ids]
        with CaptureQueriesContext(connection) as written:
            fill(*pairs)
        return len(written)

    assert statements(1) == statements(500)


class TestFirms:
    def test_gaps_of_a_firm_are_filled(self, db: None) -> None:
        acme = firm("acme.com", domain="acme.com", industry="Pumps")
        more = NewCompany(ref=1, name="Acme GmbH", name_key="acme", domain="acme.com", industry="Valves", employees=50)
        assert fill_in_companies([(acme, more)], actor=ME, now=NOW, source="inquiry") == {
            acme: ["name", "name_key", "employees"]
        }
        row = companies([acme])[acme]
        assert (row.name, row.industry, row.employees) == ("Acme GmbH", "Pumps", 50)
        assert len(facts("company.changed")) == 1

    def test_what_is_known_already_writes_nothing(self, db: None) -> None:
        acme = firm("Acme", domain="acme.com")
        with CaptureQueriesContext(connection) as asked:
            assert fill_in_companies([(acme, NewCompany(ref=1, name="ACME"))], actor=ME, now=NOW, source="x") == {}
        assert len(asked) == 1


WORDS = st.sampled_from(["", "Anna", "Berg", "Klein", "Peter"])
TOLD = st.builds(
    NewPerson,
    ref=st.just(1),
    given=WORDS,
    family=WORDS,
    city=WORDS,
    title=WORDS,
    company_id=st.none() | st.integers(1, 3),
    emails=st.lists(st.sampled_from("abc").map(lambda c: ContactValue(c, c)), max_size=3).map(tuple),
)
NOBODY = Known(1, dict.fromkeys(TEXTS, ""), {}, False, (), frozenset(), (), frozenset())


def after(stored: Known, *words: NewPerson) -> Known:
    """The person as they stand once the news are written."""
    news = missing(stored, words)
    changed = {place.id: place for place in news.places if place.id is not None}
    added = [place for place in news.places if place.id is None]
    places = [changed.get(place.id, place) for place in stored.places]
    numbered = [
        type(place)(len(places) + i + 1, place.company_id, place.title, place.buying_role, place.is_primary)
        for i, place in enumerate(added)
    ]
    return Known(
        1,
        {**stored.texts, **news.texts},
        {**stored.attributes, **news.attributes},
        stored.lookalike or news.lookalike,
        (*stored.addresses, *((new.kind, new.contact.norm) for new in news.addresses)),
        stored.with_primary | {new.kind for new in news.addresses if new.is_primary},
        (*places, *numbered),
        stored.external | set(news.external),
    )


@given(st.lists(TOLD, max_size=4))
def test_telling_it_all_again_brings_no_news(words: list[NewPerson]) -> None:
    stored = after(NOBODY, *words)
    assert not missing(stored, words)


@given(st.lists(TOLD, max_size=4), TOLD)
def test_the_quick_look_overlooks_nothing(words: list[NewPerson], one: NewPerson) -> None:
    stored = after(NOBODY, *words)
    full = _Draft(stored)
    full.take(one)
    assert not (_is_known(stored, one) and full.news())


@given(st.lists(TOLD, max_size=4))
def test_one_batch_or_one_by_one_comes_to_the_same(words: list[NewPerson]) -> None:
    stored = NOBODY
    for one in words:
        stored = after(stored, one)
    assert stored == after(NOBODY, *words)


@given(st.lists(TOLD, min_size=1, max_size=5))
def test_there_is_one_main_position_and_one_main_address(words: list[NewPerson]) -> None:
    stored = after(NOBODY, *words)
    assert sum(place.is_primary for place in stored.places) == min(1, len(stored.places))
    assert len({place.company_id for place in stored.places}) == len(stored.places)
    assert len(set(stored.addresses)) == len(stored.addresses)
