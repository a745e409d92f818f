"""New persons and firms are written in batches."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.people import queries
from leadloop.people.contracts import NewCompany, Place, Profile
from leadloop.people.queries import companies, contact_points, people, positions, search
from leadloop.people.services import allocate_ids, forget, remember, remember_companies
from leadloop.people.tests.world import ME, NOW, facts, firm, known, told


def test_somebody_becomes_known(db: None) -> None:
    acme = firm("Acme", name_key="acme", domain="acme.com", industry="Pumps", employees=50)
    anna = known(
        "Anna",
        "Berg",
        emails=("Anna@Acme.com", "anna@home.net"),
        phones=("+49 30 123",),
        company_id=acme,
        title="Head of IT",
        buying_role="decision_maker",
        country="DE",
        city="Berlin",
        language="de",
        zone="Europe/Berlin",
        attributes={"shoe_size": 41},
        external=(("hubspot", "77"),),
    )

    row = people([anna])[anna]
    assert (row.name, row.email, row.phone) == ("Anna Berg", "Anna@Acme.com", "+49 30 123")
    assert (row.title, row.company_id, row.company_name, row.buying_role) == (
        "Head of IT",
        acme,
        "Acme",
        "decision_maker",
    )
    assert (row.country, row.city, row.language, row.zone) == ("DE", "Berlin", "de", "Europe/Berlin")
    assert row.attributes == {"shoe_size": 41}
    assert [(p.norm, p.is_primary) for p in contact_points([anna])[anna]] == [
        ("anna@acme.com", True),
        ("anna@home.net", False),
        ("+4930123", True),
    ]
    assert facts("person.remembered") == [(anna, acme, "", None)]
    assert companies([acme])[acme].employees == 50


def test_ids_may_be_drawn_beforehand(db: None) -> None:
    anna, peter = told("Anna"), told("Peter")
    drawn = dict(zip([anna.ref, peter.ref], allocate_ids(2), strict=True))
    assert remember([anna, peter], actor=ME, now=NOW, person_ids=drawn) == drawn
    assert {row.name for row in people(drawn.values()).values()} == {"Anna", "Peter"}


def test_an_address_told_twice_is_kept_once(db: None) -> None:
    anna = known("Anna", emails=("a@x.com", "A@x.com", "b@x.com"))
    assert [(p.value, p.is_primary) for p in contact_points([anna])[anna]] == [("a@x.com", True), ("b@x.com", False)]


def test_a_title_without_a_firm_is_kept(db: None) -> None:
    anna = known("Anna", title="Founder")
    assert [(p.title, p.company_id) for p in positions([anna])[anna]] == [("Founder", None)]
    assert people([anna])[anna].title == "Founder"


def test_who_says_nothing_has_no_position(db: None) -> None:
    nobody = known(emails=("info@x.com",))
    assert positions([nobody])[nobody] == []
    assert people([nobody])[nobody].name == "info"


def test_five_hundred_take_as_many_statements_as_one(db: None) -> None:
    def statements(n: int) -> int:
        firms = [NewCompany(ref=i, name=f"Firm {n} {i}", domain=f"firm{n}-{i}.com") for i in range(n)]
        with CaptureQueriesContext(connection) as written:
            ids = remember_companies(firms, actor=ME, now=NOW)
            batch = [
                told("A", emails=(f"a{i}@x{n}.com",), company_id=ids[i], external=(("crm", f"{n}-{i}"),))
                for i in range(n)
            ]
            remember(batch, actor=ME, now=NOW)
        return len(written)

    assert statements(1) == statements(500)


def test_people_are_found_by_the_words_of_name_and_address(db: None) -> None:
    anna = known("Zoë", "Müller", emails=("zoe@acme.com",))
    peter = known("Peter", "Mulligan", emails=("peter@zoo.com",))
    assert [row.id for row in search("MULL")] == [peter, anna]
    assert [row.id for row in search("müller zoe")] == [anna]
    assert [row.id for row in search("zo")] == [anna]
    assert [row.id for row in search("acme.com")] == [anna]
    assert search("100%") == search("_oe") == search("  ") == []
    assert [row.id for row in search("mull", limit=1)] == [peter]


def test_a_profile_holds_all_that_is_compared(db: None) -> None:
    acme = firm("Acme", name_key="acme", domain="acme.com")
    anna = known(
        "Anna", "Berg", emails=("anna@acme.com", "anna@home.net"), phones=("+49301",), company_id=acme, title="CEO",
        city="Kiel", country="DE", lookalike=True,
        attributes={"dob": "1975-03-09", "address_1": "Hafenstr. 2", "zip": 24103, "shoe_size": 41},
    )  # fmt: skip
    bare = known("Bare")
    assert queries.profiles([anna, bare, 10**9]) == {
        anna: Profile(
            id=anna, given="Anna", family="Berg", emails=("anna@acme.com", "anna@home.net"), phones=("+49301",),
            places=(Place(acme, "acme", "acme.com", "CEO"),), city="Kiel", country="DE", births=("19750309",),
            streets=("Hafenstr. 2",), postcodes=("24103",), lookalike=True,
        ),
        bare: Profile(id=bare, given="Bare"),
    }  # fmt: skip
    forget(person_id=anna, actor=ME, now=NOW)
    assert queries.profiles([anna]) == {}


def test_each_read_takes_the_queries_it_says(db: None) -> None:
    acme = firm("Acme")
    ids = [known("Anna", emails=(f"a{i}@x.com",), company_id=acme) for i in range(20)]
    reads = {
        "people": (1, lambda: queries.people(ids)),
        "own_names": (1, lambda: queries.own_names(ids)),
        "old_ids": (1, lambda: queries.old_ids(ids)),
        "family_names": (1, lambda: queries.family_names(ids)),
        "contact_points": (1, lambda: queries.contact_points(ids)),
        "profiles": (1, lambda: queries.profiles(ids)),
        "positions": (1, lambda: queries.positions(ids)),
        "confirmation": (1, lambda: queries.confirmation(1)),
        "confirmations_by_id": (1, lambda: queries.confirmations_by_id([1, 2])),
        "confirmations_of": (1, lambda: queries.confirmations_of(ids)),
        "confirmation_counts": (1, lambda: queries.confirmation_counts("portal:1", now=NOW)),
        "confirmations_for": (1, lambda: queries.confirmations_for("portal:1", None, now=NOW)),
        "consents": (1, lambda: queries.consents(ids)),
        "above": (1, lambda: queries.above(acme)),
        "company_ids": (1, lambda: queries.company_ids([acme])),
        "company_namesakes": (1, lambda: queries.company_namesakes(acme)),
        "stands_between": (2, lambda: queries.stands_between(acme, acme)),
        "group_of": (1, lambda: queries.group_of(acme)),
        "people_at": (1, lambda: queries.people_at([acme])),
        "accounts_among": (1, lambda: queries.accounts_among([acme])),
        "own_company_names": (1, lambda: queries.own_company_names([acme])),
        "companies": (1, lambda: queries.companies([acme])),
        "account_owners": (1, lambda: queries.account_owners([acme])),
        "below": (1, lambda: queries.below(acme)),
        "members": (1, lambda: queries.members(acme)),
        "patterns": (0, lambda: queries.patterns("anna ac")),
        "by_external": (1, lambda: queries.by_external("crm", ["7"])),
        "holders": (1, lambda: queries.holders(["a1@x.com"])),
        "everybody": (3, lambda: list(queries.everybody())),  # a cursor within a savepoint
        "with_address": (1, lambda: queries.with_address("a1@x.com", "DE")),
        "accounts_of": (1, lambda: queries.accounts_of([1])),
        "reachable": (3, lambda: queries.reachable(ids, "email", "marketing")),
        "suppressed": (1, lambda: queries.suppressed(["a@x.com"], "email", "marketing")),
        "erased": (1, lambda: queries.erased(["a@x.com"], "email")),
        "search": (1, lambda: queries.search("anna")),
        "buying_roles": (1, lambda: queries.buying_roles(ids)),
        "namesakes": (1, lambda: queries.namesakes(["Anna Acker", "Bo Lind"])),
        "company_told_last": (1, lambda: queries.company_told_last([acme])),
        "next_companies": (1, lambda: queries.next_companies(0, 10)),
        "search_companies": (1, lambda: queries.search_companies("acme")),
    }
    assert reads.keys() == set(queries.__all__)
    for name, (expected, read) in reads.items():
        with CaptureQueriesContext(connection) as done:
            read()
        assert (name, len(done)) == (name, expected)
