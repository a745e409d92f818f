"""A lead of a known account goes to whoever looks after it; a free-mail address makes no account."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.agreement.queries import in_force
from leadloop.distribution import services as distribution
from leadloop.distribution.contracts import Rule, To
from leadloop.distribution.queries import assignments
from leadloop.front.tests.pages import as_user
from leadloop.kernel import clock
from leadloop.leads.contracts import LeadRow
from leadloop.leads.queries import all_of, rows
from leadloop.ledger.contracts import Lane
from leadloop.ledger.sql import fetch
from leadloop.loop import intake
from leadloop.people.queries import with_address
from leadloop.people.services import change_company, own_companies
from tests.stories.house import SETUP, House
from tests.stories.test_at_once import ready
from tests.support.statements import count


def told(house: House, **said: Any) -> LeadRow:
    """The lead of somebody who is ready to buy."""
    body = ready("ann") | said
    house.inquire(**body)
    house.wait(minutes=1)
    house.run()
    (person,) = with_address(body["email"], "DE")
    return all_of([person])[-1]


def firm(domain: str) -> int:
    ((company_id,),) = fetch("select id from people_company where domain = %s", [domain])
    return int(company_id)


def owned(house: House, domain: str, name: str) -> int:
    own_companies([firm(domain)], house.cast.user[name], actor=SETUP, now=house.now)
    return house.cast.user[name]


def why(lead: LeadRow) -> list[str]:
    return [reason["text"] for reason in assignments([lead.id])[lead.id][0].log]


def test_the_account_owner_goes_before_the_turn_and_the_lead_says_why(house: House) -> None:
    told(house)
    sam = owned(house, "ann-pumps.example", "sam")
    lead = told(house, email="bea@ann-pumps.example", name="Bea Moor")
    assert lead.owner_id == sam
    assert why(lead)[-1] == f"user:{sam} looks after this firm"
    assert any("by the domain of the address" in text for text in why(lead))
    html = as_user(house.cast, "ines").get(f"/leads/{lead.id}/record").content.decode()
    assert "Sam Reyes looks after this firm" in html
    assert house.breaches() == []


def test_who_names_a_known_account_from_a_free_mail_address_goes_to_its_owner(house: House) -> None:
    told(house)
    sam = owned(house, "ann-pumps.example", "sam")
    lead = told(house, email="bea.moor@gmail.com", name="Bea Moor", country="FR", phone="+33 1 23456789")
    assert fetch("select count(*) from people_company where domain = 'gmail.com'", []) == [(0,)]
    assert lead.company_id != firm("ann-pumps.example")  # another country: it is not taken for the same firm
    assert lead.owner_id == sam
    assert any("by its name" in text for text in why(lead))


def test_an_owner_who_cannot_take_it_is_passed_over_with_the_reason(house: House) -> None:
    told(house)
    kim = owned(house, "ann-pumps.example", "kim")
    ((pool_id,),) = fetch("select id from distribution_pool where key = 'sales'", [])
    distribution.save_member(pool_id=pool_id, user_id=kim, now=house.now, is_paused=True)
    lead = told(house, email="bea@ann-pumps.example", name="Bea Moor")
    assert lead.owner_id == house.cast.user["ola"]
    assert any("looks after this firm but is paused" in text for text in why(lead))


def test_rules_may_say_that_others_go_before_account_owners(house: House) -> None:
    told(house)
    sam = owned(house, "ann-pumps.example", "sam")
    swiss = Rule(name="Swiss", when={"facet": "person.country", "op": "=", "value": "CH"}, pool="sales")
    rules = [swiss, Rule(name="Accounts", to=To.ACCOUNT_OWNER), Rule(name="Everything", pool="sales")]
    distribution.install(rules=rules, actor=SETUP, now=house.now)
    abroad = told(house, email="bea@ann-pumps.example", name="Bea Moor", country="CH", phone="")
    here = told(house, email="cy@ann-pumps.example", name="Cy Moor", phone="")
    assert (abroad.owner_id != sam, here.owner_id) == (True, sam)
    assert assignments([here.id])[here.id][0].rule == "Accounts"


def test_the_owner_of_the_company_above_holds_below(house: House) -> None:
    told(house)
    told(house, email="top@holding.example", name="Top Berg", company="Holding", phone="")
    sam = owned(house, "holding.example", "sam")
    changes = {"parent_id": firm("holding.example")}
    change_company(company_id=firm("ann-pumps.example"), changes=changes, actor=SETUP, now=house.now)
    assert told(house, email="bea@ann-pumps.example", name="Bea Moor", phone="").owner_id == sam


def test_one_account_or_fifty_take_the_same_statements(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "STEPS", (*intake.UNSCORED, intake.score))

    def wait(*names: str) -> list[int]:
        for name in names:
            house.inquire(**ready(name))
        with clock.at(house.now):
            intake.take(Lane.LIVE, limit=100)
        return [row for (row,) in fetch("select id from leads_lead where stage = 'qualified' order by id", [])]

    def assign(lead_ids: list[int]) -> tuple[int, set[str]]:
        owned_by = {row.company_id for row in rows(lead_ids).values() if row.company_id}
        own_companies(owned_by, house.cast.user["sam"], actor=SETUP, now=house.now)
        with CaptureQueriesContext(connection) as queries, clock.at(house.now):
            done = distribution.assign(lead_ids, terms=in_force(), actor=SETUP, now=house.now)
        assert len(done) == len(lead_ids)
        return count(queries), {str(one.how) for one in done}

    assign(wait("warmup"))
    one = assign(wait("single"))
    many = wait(*(f"many{n}" for n in range(50)))
    assert len(many) == 50
    assert assign(many) == one
    assert one[1] == {"account_owner"}
