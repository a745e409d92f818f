"""A call came in: typed while one talks, known people found by their number, and the lead there at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from leadloop.capture.contracts import PortalKind
from leadloop.capture.queries import balance, inquiries
from leadloop.capture.queries import portal as portal_by_key
from leadloop.capture.services import PortalIn, save_portal
from leadloop.front.tests.pages import as_user
from leadloop.kernel import clock
from leadloop.leads.queries import open_of, promises, rows
from leadloop.ledger.contracts import by_user
from leadloop.ledger.sql import fetch
from leadloop.loop import check
from leadloop.people.queries import people, with_address
from tests.stories.house import House, open_house
from tests.support.cast import Cast
from tests.support.statements import asked

pytestmark = pytest.mark.django_db
NUMBER = "+49 30 5550101"


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    opened = open_house(cast)
    with clock.at(opened.now):
        open_portal(cast)
        yield opened


def open_portal(cast: Cast, **changed: Any) -> None:
    wanted = {
        "key": "phone",
        "name": "Phone",
        "kind": PortalKind.STAFF,
        "owner_id": cast.user["mira"],
        "interest_id": cast.interest["general"],
        "handover": "all_inquiries",
        "acknowledge": False,
    }
    save_portal(portal=PortalIn(**{**wanted, **changed}), actor=by_user(cast.user["tomas"]), now=House(cast).now)


def typed(**changed: str) -> dict[str, str]:
    given = {"phone": NUMBER, "name": "Dana Ruiz", "company": "Acme Pumps", "message": "Wants two pumps"}
    return {**given, **changed}


def take_in(house: House, **changed: str) -> Any:
    return as_user(house.cast, "mira").post("/calls/in", typed(**changed))


def test_a_stranger_becomes_a_lead_at_once_with_what_was_promised(house: House, cast: Cast) -> None:
    answer = take_in(
        house, interest_id=str(cast.interest["pumps"]), next_step_note="Send the offer", next_step_at="2026-03-03T10:00"
    )
    (lead,) = open_of(with_address(NUMBER))
    assert answer["Location"] in (f"/leads/{lead.id}", "/calls")
    who = people([lead.person_id])[lead.person_id]
    assert (who.name, who.company_name, lead.interest_id) == ("Dana Ruiz", "Acme Pumps", cast.interest["pumps"])
    (told,) = inquiries([lead.id])
    assert (told.message, told.portal_name) == ("Wants two pumps", "Phone")
    owed = {one.kind: one for one in promises([lead.id])[lead.id] if one.state == "running"}
    assert owed["next_step"].note == "Send the offer"
    assert "reply" not in owed  # whoever rang was talked to
    evidence = {one.kind: one.evidence for one in promises([lead.id])[lead.id] if one.state == "kept"}
    assert evidence["reply"] == f"inquiry:{told.id}"
    assert fetch("select count(*) from outreach_message where person_id is not null") == [(0,)]  # nobody is thanked
    assert check.run() == []


def test_who_may_not_see_the_lead_hears_who_has_it(house: House) -> None:
    page = as_user(house.cast, "dara").post("/calls/in", typed(), follow=True).content.decode()
    (lead,) = open_of(with_address(NUMBER))
    assert lead.owner_id in (house.cast.user["kim"], house.cast.user["ola"])
    assert "has it." in page


def test_the_number_finds_who_it_is_while_it_is_typed(house: House) -> None:
    take_in(house)
    client = as_user(house.cast, "mira")
    for number in (NUMBER, "030 5550101", "0049305550101"):
        part = client.get("/calls/in/known", {"phone": number}).content.decode()
        assert "Dana Ruiz, Acme Pumps" in part
        assert "General</a> with" in part or "General with" in part
        assert "checked" in part
    for number in ("", "030", "+49 30 999999999"):
        assert "Dana" not in client.get("/calls/in/known", {"phone": number}).content.decode()


def test_a_known_caller_goes_on_with_their_lead(house: House) -> None:
    take_in(house, email="dana@acme.example")
    (lead,) = open_of(with_address(NUMBER))
    refused = take_in(house, name="", message="One more thing")
    assert refused.status_code == 422
    assert "The number is known. Say who it is." in refused.content.decode()
    assert "One more thing" in refused.content.decode()
    take_in(house, name="Somebody typed wrong", message="One more thing", person_id=str(lead.person_id))
    assert [one.id for one in open_of([lead.person_id])] == [lead.id]
    assert people([lead.person_id])[lead.person_id].name == "Dana Ruiz"
    assert (len(inquiries([lead.id])), rows([lead.id])[lead.id].touches) == (2, 2)


def test_somebody_else_at_the_same_number_is_somebody_else(house: House) -> None:
    take_in(house)
    (dana,) = with_address(NUMBER)
    take_in(house, name="Bo Lind", person_id="0", message="A chiller")
    both = with_address(NUMBER)
    assert len(both) == 2
    assert {people([one])[one].name for one in both} == {"Dana Ruiz", "Bo Lind"}
    assert dana in both


def test_calls_are_balanced_like_every_other_portal(house: House) -> None:
    take_in(house)
    take_in(house, phone="+49 30 5550102", name="Bo Lind")
    (day,) = balance(first=house.now.date(), last=house.now.date())
    assert (day.portal_id, day.received, day.new, day.waiting) == (portal_by_key("phone").id, 2, 2, 0)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"phone": "12"}, "Type the number they called from."),
        ({"phone": ""}, "This field is required."),
        ({"email": "dana@"}, "Enter a valid email address."),
        ({"next_step_note": "Call back"}, "Say when."),
        ({"next_step_at": "tomorrow"}, "Type a day and a time"),
    ],
)
def test_mistakes_are_said_and_nothing_typed_is_lost(house: House, changed: dict[str, str], says: str) -> None:
    answer = take_in(house, **changed)
    page = answer.content.decode()
    assert (answer.status_code, says in page, "Wants two pumps" in page) == (422, True, True)
    assert fetch("select count(*) from capture_submission") == [(0,)]


def test_a_closed_portal_says_where_to_open_it(house: House) -> None:
    open_portal(house.cast, is_on=False)
    answer = take_in(house)
    assert answer.status_code == 422
    assert "Open the portal “Phone” on the page Portals." in answer.content.decode()


def test_looking_up_takes_the_same_queries_for_one_and_for_six(house: House) -> None:
    client = as_user(house.cast, "mira")
    counts = []
    for number in range(5):
        name = f"Rhea {chr(97 + number) * 4}"
        take_in(house, name=name, person_id="0", email=f"rhea{number}@acme.example")
        counts.append(asked(client, f"/calls/in/known?phone={NUMBER.replace('+', '%2B')}"))
    assert counts[0] == counts[-1]


def test_the_form_is_a_key_and_a_click_away(house: House) -> None:
    page = as_user(house.cast, "mira").get("/calls").content.decode()
    assert 'href="/calls/in"' in page
    assert "<kbd>⇧C</kbd>" in page
    assert as_user(house.cast, "helen").get("/calls/in").status_code == 403
