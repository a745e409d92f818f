"""Requests about personal data: only administrators look people up, hand out what is kept, and erase."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.test import Client

from leadloop.front.tests.pages import as_user
from leadloop.kernel import clock
from leadloop.kernel.text import email
from leadloop.leads.contracts import Stage
from leadloop.leads.queries import rows
from leadloop.leads.tests.world import World, world
from leadloop.ledger.models import Event
from leadloop.people.contracts import ContactValue, NewPerson
from leadloop.people.queries import people
from leadloop.people.services import fill_in
from tests.support.cast import PEOPLE, Cast
from tests.support.statements import asked

ADDRESS = "dana.ruiz@acme.example"


@pytest.fixture
def office(db: None, cast: Cast) -> Iterator[World]:
    office = world(cast)
    with clock.at(office.now):
        yield office


@pytest.fixture
def dana(office: World) -> int:
    """Somebody with a lead of Kim's."""
    lead = office.lead_in(Stage.WORKING)
    known = NewPerson(ref=0, emails=(ContactValue(ADDRESS, email(ADDRESS) or ""),))
    fill_in([(lead.person_id, known)], actor=office.by("kim"), now=office.now, source="inquiry")
    return lead.person_id


@pytest.fixture
def ada(office: World) -> Client:
    return as_user(office.cast, "ada")


def test_somebody_is_found_by_address_and_by_name(ada: Client, dana: int) -> None:
    name = people([dana])[dana].name
    for said in (ADDRESS.upper(), name.split()[0]):
        assert f'href="/system/persons/{dana}"' in ada.get("/system/persons", {"q": said}).content.decode()
    assert "Nobody here" in ada.get("/system/persons", {"q": "nobody@nowhere.example"}).content.decode()


def test_what_is_kept_is_said_in_words_and_handed_out(ada: Client, dana: int) -> None:
    page = ada.get(f"/system/persons/{dana}").content.decode()
    assert "E-mail addresses and numbers: <b>1</b>" in page
    assert "1 open lead of theirs ends now" in page
    file = ada.post(f"/system/persons/{dana}/export")
    assert file["Content-Disposition"] == f'attachment; filename="person-{dana}.json"'
    assert json.loads(file.content)["addresses"][0]["value"] == ADDRESS
    assert Event.objects.filter(kind="person.exported", person_id=dana).count() == 1


def test_nobody_is_erased_by_a_slip(ada: Client, dana: int) -> None:
    answer = ada.post(f"/system/persons/{dana}/erase", {"reason": "requested", "ending": "no_need", "typed": "yes"})
    assert answer.status_code == 422
    assert f"This is not {ADDRESS}." in answer.content.decode()
    assert people([dana])[dana].email == ADDRESS


def test_who_is_erased_can_not_be_found_any_more(ada: Client, dana: int) -> None:
    given = {"reason": "consent_withdrawn", "ending": "no_need", "typed": ADDRESS.upper()}
    page = ada.post(f"/system/persons/{dana}/erase", given, follow=True).content.decode()
    assert "They are erased." in page
    assert "This person was erased." in page
    assert ADDRESS not in page
    assert people([dana])[dana].erased
    assert [lead.close_reason for lead in rows(range(1, 10**4)).values() if lead.person_id == dana] == ["no_need"]
    assert Event.objects.get(kind="person.erased", person_id=dana).reason == "consent_withdrawn"
    assert "Somebody of this address was erased." in ada.get("/system/persons", {"q": ADDRESS}).content.decode()


@pytest.mark.parametrize("name", sorted(PEOPLE.keys() - {"ada"}))
def test_it_is_for_administrators_alone(office: World, dana: int, name: str) -> None:
    client = as_user(office.cast, name)
    assert client.get("/system/persons").status_code == 403
    assert client.get(f"/system/persons/{dana}").status_code == 403
    assert client.post(f"/system/persons/{dana}/export").status_code == 403
    assert client.post(f"/system/persons/{dana}/erase", {"typed": ADDRESS, "reason": "requested"}).status_code == 403
    assert not people([dana])[dana].erased


def test_the_page_takes_few_statements(ada: Client, dana: int) -> None:
    assert asked(ada, "/system/persons?q=dana") <= 12
