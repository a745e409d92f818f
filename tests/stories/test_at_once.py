"""Who is to go to sales stands with a salesperson as soon as they have arrived, whatever comes in between."""

from __future__ import annotations

from typing import Any

import pytest

from leadloop.distribution import services as distribution
from leadloop.distribution.contracts import Rule
from leadloop.distribution.queries import assignments
from leadloop.distribution.services import assigning
from leadloop.leads.contracts import LeadRow, Stage
from leadloop.leads.queries import promises, rows
from leadloop.ledger.contracts import Lane
from leadloop.ledger.queries import parked
from leadloop.ledger.reader import advance
from leadloop.ledger.sql import fetch
from leadloop.loop import intake
from leadloop.loop.routes import ROUTES
from tests.stories.house import SETUP, House


def ready(name: str, country: str = "DE") -> dict[str, Any]:
    return {
        "name": f"Rhea {name}", "email": f"{name}@{name}-pumps.example", "phone": "+49 30 5550101", "country": country,
        "company": f"{name} Pumps GmbH", "title": "Head of Operations", "budget": "40,000", "timing": "this quarter",
    }  # fmt: skip


def anybody(name: str) -> dict[str, Any]:
    """Nothing that would qualify them."""
    return {"name": f"Rhea {name}", "email": f"{name}@{name}-pumps.example", "message": "Please call me."}


def take(house: House, *told: dict[str, Any], portal: str = "web-form") -> list[LeadRow]:
    """What stands after these arrived, before any route has looked at it."""
    for one in told:
        house.inquire(portal, **one)
    assert intake.take(Lane.LIVE, limit=100) == len(told)
    return list(rows(lead_id for (lead_id,) in fetch("select id from leads_lead order by id")).values())


def test_a_lead_stands_with_sales_when_it_is_taken_in(house: House) -> None:
    (lead,) = take(house, ready("ann"))
    assert (lead.stage, lead.owner_id, lead.due_kind) == (Stage.ASSIGNED, house.cast.user["kim"], "accept")
    house.run()
    assert [one.user_id for one in assignments([lead.id])[lead.id]] == [lead.owner_id]
    assert (parked(), house.breaches()) == ([], [])


def test_rules_that_ask_about_the_lead_know_it_already(house: House) -> None:
    pool = distribution.save_pool(
        key="abroad", name="Abroad", keeper_id=house.cast.user["ines"], fallback_id=house.cast.user["grace"]
    )
    distribution.save_member(pool_id=pool, user_id=house.cast.user["sam"], now=house.now)
    swiss = Rule(name="Swiss", when={"facet": "person.country", "op": "=", "value": "CH"}, pool="abroad")
    early = Rule(name="Early", when={"facet": "lead.stage", "op": "!=", "value": "qualified"}, pool="abroad")
    rules = [swiss, early, Rule(name="Everything", pool="sales")]
    distribution.install(rules=rules, actor=SETUP, now=house.now)
    here, abroad = take(house, ready("ann"), ready("urs", "CH"))
    assert (here.owner_id, abroad.owner_id) == (house.cast.user["kim"], house.cast.user["sam"])
    house.run()
    assert (parked(), house.breaches()) == ([], [])


@pytest.mark.parametrize("step", ["_pools", "_insert"], ids=["before they move", "after they moved"])
def test_where_handing_over_fails_they_wait_with_their_keeper_for_the_route(
    house: House, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_: Any) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(assigning, step, fail)
        leads = take(house, ready("ann"), ready("bea"))
        assert {(lead.stage, lead.due_kind) for lead in leads} == {(Stage.QUALIFIED, "reply")}
        assert house.breaches() == []
    house.run()
    standing = rows([lead.id for lead in leads]).values()
    assert {lead.owner_id for lead in standing} == {house.cast.user["kim"], house.cast.user["ola"]}
    assert (parked(), house.breaches()) == ([], [])


def test_what_its_portal_hands_over_is_promised_an_answer_and_no_judgement(house: House) -> None:
    house.set_portal("web-form", handover="all_inquiries")
    (lead,) = take(house, anybody("ann"))
    assert (lead.stage, lead.exception_code) == (Stage.ASSIGNED, "portal_hands_over")
    house.run()
    assert {(one.kind, one.state) for one in promises([lead.id])[lead.id]} == {
        ("accept", "running"),
        ("reply", "running"),
    }
    assert (parked(), house.breaches()) == ([], [])


def test_where_that_fails_it_is_owed_an_answer_by_its_keeper_and_is_not_nurtured_meanwhile(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise ZeroDivisionError

    house.set_portal("web-form", handover="all_inquiries")
    with monkeypatch.context() as broken:
        broken.setattr(assigning, "_insert", fail)
        (lead,) = take(house, anybody("ann"))
        assert (lead.stage, lead.due_kind) == (Stage.INQUIRY, "reply")
        assert house.breaches() == []
    nurture = next(route for route in ROUTES if route.name == "nurture")
    heard = {"kinds": nurture.kinds, "only": nurture.only, "limit": 10}
    assert advance(nurture.name, lane=Lane.LIVE, handler=nurture.handle, **heard) == 0
    house.run()
    assert rows([lead.id])[lead.id].stage is Stage.ASSIGNED
    assert (parked(), house.breaches()) == ([], [])
