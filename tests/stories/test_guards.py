"""Under attack: robots at a hundred a second are held and lose nobody else's inquiry; no field reaches a header."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import orjson
import pytest
from django.test import Client

from leadloop.capture import services as capture
from leadloop.capture.contracts import Code, PortalKind
from leadloop.capture.door import Door
from leadloop.capture.lists.forms import entries
from leadloop.capture.lists.keeping import add_entries
from leadloop.capture.queries import portal, quarantine_size
from leadloop.capture.tests.asgi import call
from leadloop.front.tests.pages import as_user
from leadloop.kernel import clock
from leadloop.ledger.queries import parked
from leadloop.ledger.sql import fetch
from leadloop.outreach import services as outreach
from leadloop.outreach.tests.post import post_office
from leadloop.people.queries import people, with_address
from tests.stories.house import SETUP, House, open_house
from tests.support.aside import run_aside
from tests.support.cast import Cast

SITE = "https://www.alder-finch.example"
INJECTED = "\r\nBcc: all@victims.example\r\nX-Evil: 1"


@pytest.fixture
def house(fresh_db: str, cast: Cast) -> House:
    """Open today: the door stamps what comes with the time of the database."""
    made = open_house(cast)
    made.now = clock.now()
    made.set_portal("web-form", origins=(SITE,))
    return made


def knock(database: str, requests: list[tuple[str, dict[str, Any]]]) -> list[int]:
    """Deliveries come to the door at once, each from an address; returns what they were answered."""

    async def run() -> list[int]:
        door = Door(database, most_bytes=1 << 20)
        given = {"origin": SITE, "content-type": "application/json"}
        try:
            answers = await asyncio.gather(
                *(
                    call(door, "/api/capture/web-form", orjson.dumps(body), headers=given, client=address)
                    for address, body in requests
                )
            )
        finally:
            await door.close()
        return [one.status if one else 0 for one in answers]

    return run_aside(run())


def person(number: int, **more: Any) -> dict[str, Any]:
    return {"email": f"p{number}@firm{number}.example", "message": "Two pumps", "_elapsed": "25", **more}


def test_a_flood_of_robots_is_held_and_real_people_come_in(house: House, fresh_db: str) -> None:
    listed = entries("spam-farm.example\n198.51.100.0/24\nseo backlinks", kind=None, reason="Spam")
    add_entries(listed, actor=SETUP, now=house.now)
    robots = {
        Code.SPAM_SUSPECTED: lambda n: person(n, _trap="http://spam.example") if n % 2 else person(n, _elapsed="0.7"),
        Code.DISPOSABLE_ADDRESS: lambda n: person(n, email=f"x{n}@mailinator.com"),
        Code.BLOCKED: lambda n: (
            person(n, email=f"x{n}@spam-farm.example") if n % 2 else person(n, message="Cheap SEO backlinks")
        ),
    }
    flood = [
        (f"203.0.113.{n % 40}", make(1000 + n)) for n, make in enumerate([*robots.values()] * 33)
    ]  # a hundred, from forty addresses
    flood += [("198.51.100.7", person(5000))]
    real = [(f"192.0.2.{n}", person(n)) for n in range(1, 21)]
    assert set(knock(fresh_db, [*flood, *real])) == {202}
    house.run()
    states = Counter(fetch("select state, reason_code from capture_submission"))
    assert states["new", ""] == 20
    assert {code: states["quarantined", str(code)] for code in robots} == {
        Code.SPAM_SUSPECTED: 33,
        Code.DISPOSABLE_ADDRESS: 33,
        Code.BLOCKED: 34,
    }
    assert sum(states.values()) == 120  # nothing is lost
    assert quarantine_size(viewer=house.viewer("mira")) == 100
    assert all(with_address(f"p{n}@firm{n}.example") for n in range(1, 21))
    assert not with_address("x1000@mailinator.com")
    assert (parked(), house.breaches()) == ([], [])


def test_one_address_is_slowed_at_one_form_and_nobody_else_is(house: House, fresh_db: str) -> None:
    flood = [("203.0.113.9", person(n)) for n in range(100)]
    answers = knock(fresh_db, [*flood, ("192.0.2.4", person(500))])
    counted = Counter(answers[:-1])
    assert set(counted) == {202, 429}
    assert counted[202] >= 20  # as many as an address may at once, and those of the seconds it took
    assert answers[-1] == 202


def test_nobody_solves_riddles_unless_a_portal_says_so(house: House) -> None:
    browser = Client()
    assert "data-riddle" not in browser.get("/f/web-form").content.decode()
    assert browser.get("/f/web-form/form.json").json()["names"]["proof"] == ""
    assert browser.get("/f/web-form/challenge").status_code == 404
    house.set_portal("web-form", proof_of_work=True)
    assert 'data-riddle="/f/web-form/challenge"' in browser.get("/f/web-form").content.decode()
    assert browser.get("/f/web-form/form.json").json()["names"]["proof"] == "_proof"
    asked = browser.get("/f/web-form/challenge")
    assert (asked.json()["algorithm"], asked["Cache-Control"]) == ("SHA-256", "no-store")
    assert asked["Access-Control-Allow-Origin"] == "*"
    assert b"subtle" in browser.get("/f/web-form/proof.js").content


def test_what_guards_held_is_released_together(house: House) -> None:
    house.set_portal("web-form", proof_of_work=True)
    add_entries(entries("firm1.example", kind=None, reason="Spam"), actor=SETUP, now=house.now)
    for number, more in ((1, {}), (2, {"_trap": "x"}), (3, {"email": "a@mailinator.com"}), (4, {})):
        house.inquire(**person(number, **more))
    house.run()
    browser = as_user(house.cast, "mira")
    ids = [row[0] for row in fetch("select id from capture_submission where state = 'quarantined' order by id")]
    assert len(ids) == 4
    for code in (Code.NOT_PROVED, Code.SPAM_SUSPECTED):
        assert f'value="{code}" selected' in browser.get(f"/quarantine?code={code}").content.decode()
    browser.post("/quarantine/replay", {"ids": ids})
    house.run()
    assert fetch("select distinct state from capture_submission") == [("new",)]
    assert house.breaches() == []


FIELDS = (
    "name", "given_name", "family_name", "company", "title", "city", "message", "subject", "website", "industry",
    "interest", "utm_source", "utm_campaign", "referrer", "landing_page", "reply_to", "from", "budget",
    "consent_wording",
)  # fmt: skip


@pytest.mark.parametrize("kind", [PortalKind.BROWSER, PortalKind.SERVER])
def test_no_field_of_an_inquiry_reaches_a_header_of_our_mail(house: House, kind: PortalKind) -> None:
    key = "web-form" if kind is PortalKind.BROWSER else "api"
    house.set_portal(key, kind, double_opt_in=True, consent_wording="Yes, write to me.")
    house.set_portal("trade-show", PortalKind.STAFF)
    for number, field in enumerate(FIELDS):
        told = {"email": f"v{number}@firm{number}.example", "name": "Eve Doe", "consent": "yes", "_elapsed": "30"}
        house.inquire(key, **{**told, field: f"Eve{INJECTED}"})
    house.inquire(key, email=f"victim@acme.example{INJECTED}", name="Eve", _elapsed="30")
    house.inquire(key, email=f"eve@evil.example{INJECTED}", phone="+49 30 1234567", _elapsed="30")
    house.run()
    with post_office() as office:
        while outreach.deliver(limit=200, now=house.now, sender=office.sender).sent:
            pass
        letters, recipients = office.letters, set(office.recipients)
    assert len(letters) >= 2 * len(FIELDS)
    for one in letters:
        assert "X-Evil" not in one
        assert "Bcc" not in one
        assert "Cc" not in one
    assert "all@victims.example" not in recipients
    for found in people(range(1, 50)).values():
        assert not {"\r", "\n"} & set(f"{found.name}{found.email}{found.phone}{found.company_name}{found.title}")


def test_what_staff_enter_reaches_no_header_either(house: House) -> None:
    browser = as_user(house.cast, "ada")
    form = {
        "name": f"Form{INJECTED}", "kind": "browser", "owner_id": house.cast.user["tomas"],
        "interest_id": house.cast.interest["general"], "inquiry_kind": "sales", "handover": "sales_ready",
        "alike": "suggest", "consent_wording": f"Yes{INJECTED}", "double_opt_in": "on", "is_on": "on",
    }  # fmt: skip
    assert browser.post("/portals/new", form).status_code == 302
    made = portal("form-bcc-all-victims-example-x-evil-1")
    assert "\n" not in made.name
    capture.receive(
        portal=made, body=orjson.dumps({"email": "a@b.example", "consent": "yes", "_elapsed": "30"}), now=house.now
    )
    house.run()
    with post_office() as office:
        outreach.deliver(limit=50, now=house.now, sender=office.sender)
        letters = office.letters
    assert letters
    assert all("Bcc" not in one and "X-Evil" not in one for one in letters)
    for path in ("/f/web-form", "/confirm/x"):
        answer = Client().get(path, {"next": f"/x{INJECTED}"}, headers={"Referer": f"https://a.example{INJECTED}"})
        assert not any({"\r", "\n"} & set(value) for _, value in answer.items())
