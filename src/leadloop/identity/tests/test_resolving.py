"""From what somebody typed to the person and the firm they are."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.identity.queries import decisions, history
from leadloop.identity.services import resolve
from leadloop.identity.tests.world import ME, NOW, firms, meet, somebody, who
from leadloop.ledger.sql import fetch
from leadloop.people.queries import companies, contact_points, people, positions


def written(done: CaptureQueriesContext) -> list[str]:
    """The tables that the statements wrote to."""
    words = [query["sql"].split() for query in done]
    place = {"insert": 2, "update": 1, "copy": 1}
    return [statement[place[verb]] for statement in words if (verb := statement[0].lower()) in place]


def test_somebody_new_is_written_with_their_firm(db: None) -> None:
    (anna,) = meet(
        somebody(
            "anna@acme.com",
            "+4930123",
            given="Anna",
            family="Berg",
            email_given="Anna@Acme.com",
            company_name="Acme GmbH",
            country="DE",
            title="CEO",
            industry="Pumps",
            employees=50,
            external=(("crm", "7"),),
        )
    )
    assert (anna.is_new, anna.keys) == (True, ())
    row = people([anna.person_id])[anna.person_id]
    assert (row.name, row.email, row.title, row.company_id) == ("Anna Berg", "Anna@Acme.com", "CEO", anna.company_id)
    firm = companies([anna.company_id])[anna.company_id]
    assert (firm.name, firm.domain, firm.industry, firm.employees) == ("Acme GmbH", "acme.com", "Pumps", 50)


def test_who_comes_again_is_known_by_the_strongest_key(db: None) -> None:
    (first,) = meet(somebody("anna@x.com", "+4930", external=(("crm", "7"),)))
    again = meet(
        somebody("anna+news@x.com"),
        somebody(external=(("crm", "7"),)),
        somebody(phone="+4930"),
        somebody("anna@x.com", "+4930", external=(("crm", "7"),)),
    )
    assert {one.person_id for one in again} == {first.person_id}
    assert [one.keys for one in again] == [
        ("email",),
        ("external:crm",),
        ("phone",),
        ("email", "external:crm", "phone"),
    ]
    assert not any(one.is_new for one in again)


def test_two_addresses_on_one_number_are_two_persons(db: None) -> None:
    anna, peter = who(somebody("anna@x.com", "+4930"), somebody("peter@x.com", "+4930"))
    assert anna != peter
    assert who(somebody("peter@x.com", "+4930"), somebody("third@x.com", "+4930"))[0] == peter
    assert [p.norm for p in contact_points([peter])[peter]] == ["peter@x.com", "+4930"]


def test_who_called_first_and_wrote_later_is_one_person(db: None) -> None:
    (caller,) = who(somebody(phone="+4930", family="Berg"))
    assert who(somebody("anna@x.com", "+4930", family="Berg")) == [caller]
    assert who(somebody("anna@x.com")) == [caller]
    assert who(somebody("other@x.com", "+4930")) != [caller]


def test_a_switchboard_is_not_one_person(db: None) -> None:
    batch = who(*(somebody(phone="+4930", family=name) for name in ("Berg", "Klein", "Berg", "Sommer")))
    assert batch[0] == batch[2]
    assert len(set(batch)) == 3
    assert who(somebody(phone="+4930", family="Berg"))[0] == batch[0]


def test_doubles_in_a_batch_are_one_person_who_gets_all_that_was_said(db: None) -> None:
    first, second = meet(
        somebody("anna@x.com", given="Anna", company_name="Acme"),
        somebody("anna@x.com", "+4930", city="Kiel", company_name="Bolt"),
    )
    assert first.person_id == second.person_id
    assert (first.is_new, second.is_new) == (True, False)
    row = people([first.person_id])[first.person_id]
    assert (row.given, row.city, row.phone) == ("Anna", "Kiel", "+4930")
    assert [p.company_name for p in positions([first.person_id])[first.person_id]] == ["Acme"]


def test_who_has_no_key_is_somebody_new_every_time(db: None) -> None:
    assert len(set(who(somebody(given="Anna"), somebody(given="Anna")))) == 2


def test_five_thousand_at_a_free_mailer_make_no_firm(db: None) -> None:
    batch = [somebody(f"somebody{i}@gmail.com", domain="gmail.com") for i in range(5000)]
    found = resolve(batch, actor=ME, now=NOW, inquiry_ids={})
    assert {one.company_id for one in found.values()} == {None}
    assert len({one.person_id for one in found.values()}) == 5000
    assert fetch("select count(*) from people_company", []) == [(0,)]


def test_a_firm_is_known_by_its_domain_then_by_its_name_and_country(db: None) -> None:
    acme, same, by_name, abroad, namesake, none = firms(
        somebody("a@acme.com", company_name="Acme GmbH", country="DE"),
        somebody("b@mail.acme.com", company_name="Something else"),
        somebody("c@gmail.com", company_name="ACME", country="DE"),
        somebody("d@gmail.com", company_name="Acme", country="FR"),
        somebody("e@acme-pumps.com", company_name="Acme", country="DE"),
        somebody("f@gmail.com"),
    )
    assert acme == same == by_name
    assert len({acme, abroad, namesake}) == 3
    assert none is None


def test_a_firm_known_by_name_gets_its_domain_later(db: None) -> None:
    (acme,) = firms(somebody("a@gmail.com", company_name="Acme", country="DE"))
    assert firms(somebody("b@acme.com", company_name="Acme", country="DE", employees=50)) == [acme]
    assert firms(somebody("c@acme.com")) == [acme]
    assert (companies([acme])[acme].domain, companies([acme])[acme].employees) == ("acme.com", 50)


def test_a_further_firm_makes_a_further_position(db: None) -> None:
    (anna,) = who(somebody("anna@gmail.com", company_name="Acme", title="CEO"))
    who(somebody("anna@gmail.com", company_name="Bolt", title="Adviser"))
    assert [(p.company_name, p.is_primary) for p in positions([anna])[anna]] == [("Acme", True), ("Bolt", False)]


def test_the_same_inquiry_again_writes_no_person_and_no_firm(db: None) -> None:
    words = {"given": "Anna", "company_name": "Acme", "country": "DE", "title": "CEO", "external": (("crm", "7"),)}
    meet(somebody("anna@acme.com", "+4930", **words))
    with CaptureQueriesContext(connection) as done:
        meet(somebody("anna@acme.com", "+4930", **words))
    assert written(done) == ["identity_matchdecision"]


def test_an_id_that_is_somebody_elses_stays_theirs(db: None) -> None:
    anna, peter = who(somebody("anna@x.com", external=(("crm", "7"),)), somebody("peter@x.com"))
    confused = {"email": "peter@x.com", "external": (("crm", "7"), ("erp", "9"))}
    assert who(somebody(**confused)) == [peter]
    assert who(somebody(external=(("crm", "7"),)), somebody(external=(("erp", "9"),))) == [anna, peter]
    with CaptureQueriesContext(connection) as done:
        meet(somebody(**confused))
    assert written(done) == ["identity_matchdecision"]


def test_why_is_kept_for_each_inquiry(db: None) -> None:
    anna, peter = somebody("anna@x.com", "+4930"), somebody("peter@x.com", "+4930")
    meet(anna, peter)
    (again,) = meet(late := somebody("anna@x.com", "+4930"))
    kept = decisions([1000 + one.ref for one in (anna, peter, late)])
    assert [(d.outcome, d.keys, [r["code"] for r in d.reasons]) for d in kept.values()] == [
        ("new", (), ["nobody_known"]),
        ("new", (), ["told_apart"]),
        ("known", ("email", "phone"), ["same_email"]),
    ]
    assert [d.inquiry_id for d in history(again.person_id).decisions] == [1000 + late.ref, 1000 + anna.ref]


def test_without_an_inquiry_nothing_is_kept(db: None) -> None:
    one = somebody("anna@x.com")
    assert resolve([one], actor=ME, now=NOW)[one.ref].is_new
    assert resolve([], actor=ME, now=NOW) == {}
    assert fetch("select count(*) from identity_matchdecision", []) == [(0,)]


def test_five_hundred_take_as_many_statements_as_one(db: None) -> None:
    def statements(n: int) -> tuple[int, int]:
        batch = [
            somebody(
                f"a{i}@firm{n}-{i}.com", f"+49{n}{i}", company_name=f"Firm {n} {i}", external=(("crm", f"{n}-{i}"),)
            )
            for i in range(n)
        ]
        with CaptureQueriesContext(connection) as first:
            meet(*batch)
        with CaptureQueriesContext(connection) as again:
            meet(*batch)
        return len(first), len(again)

    assert statements(1) == statements(500) == (17, 5)
