"""Somebody new looks like a known person: what the portal wants becomes of it, and nothing waits for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from leadloop.capture import services as capture
from leadloop.capture.queries import delivery, inquiry, portal
from leadloop.capture.services.portals import PortalIn
from leadloop.identity.contracts import Alike
from leadloop.identity.queries import open_suggestions
from leadloop.kernel import clock
from leadloop.leads.queries import rows
from leadloop.ledger.contracts import Lane
from leadloop.ledger.sql import fetch
from leadloop.loop import unhurried
from tests.stories.house import SETUP, House

ANNA = {
    "name": "Anna Berg",
    "email": "anna.berg@acme-pumps.example",
    "phone": "+49 431 5550123",
    "company": "Acme Pumps GmbH",
    "title": "Head of purchasing",
    "city": "Kiel",
    "country": "DE",
    "message": "Please show us your pumps.",
}
AGAIN = ANNA | {"email": "berg@acme-pumps.example"}  # the same firm, number and all, but another address
LESS = {"name": "Anna Berg", "email": "aberg77@gmail.com", "company": "Acme Pumps GmbH", "country": "DE"}


def wants(alike: Alike, key: str = "web-form") -> None:
    """The portal treats look-alikes like this."""
    was = portal(key)
    known = {name: getattr(was, name) for name in PortalIn.__dataclass_fields__} | {"mapping": dict(was.mapping)}
    capture.save_portal(portal=replace(PortalIn(**known), alike=alike), actor=SETUP, now=clock.now())


def told(house: House, **body: Any) -> tuple[int, int | None]:
    """An inquiry through all that follows from it; returns its person and lead."""
    submission = house.inquire(**body)
    house.run()
    compare(house)
    found = inquiry(submission)
    assert found is not None, delivery(submission)
    assert found.person_id is not None
    return found.person_id, found.lead_id


def compare(house: House) -> None:
    """The worker gets round to it."""
    with clock.at(house.now):
        while unhurried.turn():
            pass


def waiting() -> list[tuple[int, int]]:
    return [(row.person_a, row.person_b) for row in open_suggestions(limit=10)]


def test_as_suggested_somebody_is_asked_and_both_leads_go_on(house: House) -> None:
    (anna, lead), (again, other) = told(house, **ANNA), told(house, **AGAIN)
    assert waiting() == [(anna, again)]
    assert lead != other
    assert house.breaches() == []


def test_joining_adds_to_the_open_lead_where_that_is_all_but_certain(house: House) -> None:
    anna, lead = told(house, **ANNA)
    wants(Alike.JOIN)
    assert told(house, **AGAIN) == (anna, lead)
    assert rows([lead or 0])[lead or 0].touches == 2
    less, _ = told(house, **LESS)
    assert less != anna
    assert waiting() == [(anna, less)]
    assert house.breaches() == []


def test_as_new_nobody_is_asked(house: House) -> None:
    told(house, **ANNA)
    wants(Alike.NEW)
    told(house, **AGAIN)
    assert waiting() == []


def test_who_tells_more_of_themselves_later_is_compared_again(house: House) -> None:
    anna, _ = told(house, **ANNA)
    bare, _ = told(house, email="berg@acme-pumps.example", message="Hello")
    assert waiting() == []
    told(house, **AGAIN)
    assert waiting() == [(anna, bare)]


def test_an_import_is_compared_once_it_is_in(house: House) -> None:
    told(house, **ANNA)
    house.inquire("trade-show", **AGAIN)
    fetch("update capture_submission set lane = %s where state = 'received' returning 1", [int(Lane.BULK)])
    house.run()
    house.inquire("trade-show", name="Somebody Else", email="else@bolt.example")
    fetch("update capture_submission set lane = %s where state = 'received' returning 1", [int(Lane.BULK)])
    compare(house)
    assert waiting() == []  # the import is not through yet
    house.run()
    compare(house)
    assert len(waiting()) == 1


@pytest.mark.parametrize("alike", [Alike.SUGGEST, Alike.NEW])
def test_taking_an_inquiry_in_costs_nothing_more(house: House, alike: Alike) -> None:
    wants(alike)
    told(house, **ANNA)
    house.inquire(**AGAIN)
    house.run()
    assert fetch("select count(*) from identity_suggestion") == [(0,)]
    assert fetch("select count(distinct person_id) from identity_nearkey") == [(1,)]
