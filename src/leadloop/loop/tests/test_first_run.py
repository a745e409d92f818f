"""The first run: in by a link that works once, then step by step, each read from what stands."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from leadloop.agreement.queries import in_force
from leadloop.capture.queries import inquiries
from leadloop.distribution.queries import members, pools
from leadloop.front.setup.steps import steps, waiting
from leadloop.leads import services as leads
from leadloop.leads.contracts import Pursuit
from leadloop.ledger.contracts import by_system
from leadloop.loop import pump
from leadloop.loop.cli.entries import entry_link
from leadloop.loop.install import FIRST_USER, Firm, bare
from leadloop.people import services as people
from leadloop.people.contracts import NewPerson
from leadloop.platform.queries import calendar_rows, company_now, user_by_email
from leadloop.platform.services import set_password
from tests.support.cast import MONDAY

PASSWORD = "correct-horse-41-battery"
YOU = {"name": "Ines Vogt", "email": "ines@alder-finch.example", "password": PASSWORD}
COMPANY = {
    "name": "Alder & Finch", "country": "US", "zone": "America/New_York", "currency": "USD", "fiscal_year_start": "4",
}  # fmt: skip
HOURS = {"days": ["0", "1", "2", "3"], "opens": "08:00", "closes": "16:30", "subdivision": "ca", "extra": "2026-12-24"}
KIM = {"name": "Kim Maurer", "email": "kim@alder-finch.example", "roles": ["salesperson"]}


@pytest.fixture
def link(empty_db: str) -> str:
    """The address that a new installation says."""
    bare(Firm("My company"), password="first-one-of-42-horses", now=MONDAY)
    first = user_by_email(FIRST_USER)
    assert first is not None
    return entry_link(first.id).partition("127.0.0.1")[2].partition("/")[2]


def entered(link: str) -> Client:
    client = Client()
    answer = client.post(f"/{link}")
    assert answer.headers["Location"] == "/setup"
    return client


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content[:300]
    return unescape(answer.content.decode())


def done() -> list[str]:
    return [step.key for step in steps() if step.done]


def test_the_link_works_once_and_only_by_its_button(link: str) -> None:
    assert Client().get(f"/{link}").status_code == 200
    assert Client().get(f"/{link}").status_code == 200  # looking doesn't use it up
    entered(link)
    assert Client().get(f"/{link}").status_code == 404
    assert Client().post(f"/{link}").status_code == 404


def test_the_link_ends_with_another_password_a_closed_account_and_in_time(link: str) -> None:
    assert Client().get(f"/{link[:-3]}abc").status_code == 404
    first = user_by_email(FIRST_USER)
    assert first is not None
    set_password(user_id=first.id, password=PASSWORD, actor=by_system("test"), now=MONDAY)
    assert Client().get(f"/{link}").status_code == 404
    other = entry_link(first.id).partition("127.0.0.1")[2].partition("/")[2]
    assert Client().get(f"/{other}").status_code == 200
    get_user_model().objects.filter(pk=first.id).update(is_active=False)
    assert Client().get(f"/{other}").status_code == 404


def test_step_by_step_to_a_lead_on_somebodys_desk(link: str) -> None:
    client = entered(link)
    assert done() == []
    assert "Welcome" in text(client, "/setup")

    assert client.post("/setup/you", YOU).headers["Location"] == "/setup/company"
    assert client.post("/setup/company", COMPANY).headers["Location"] == "/setup/hours"  # still signed in
    us = company_now()
    assert (us.name, us.currency, us.zone, us.fiscal_year_start) == ("Alder & Finch", "USD", "America/New_York", 4)
    assert client.post("/setup/hours", HOURS).headers["Location"] == "/setup/team"
    calendar = calendar_rows()[us.calendar_id]
    assert (calendar.zone, calendar.country, calendar.subdivision) == ("America/New_York", "US", "CA")
    assert [bool(day) for day in calendar.week] == [True] * 4 + [False] * 3

    html = unescape(client.post("/setup/team", KIM).content.decode())
    shown = re.search(r"<pre[^>]*>([a-z0-9-]+)</pre>", html)
    assert shown
    assert Client().login(email="kim@alder-finch.example", password=shown[1])
    assert shown[1] not in text(client, "/setup/team")
    kim = user_by_email("kim@alder-finch.example")
    assert kim is not None
    (pool,) = pools().values()
    assert {seat.user_id: seat.is_paused for seat in members(pool.id)} == {kim.id: False, 1: True}
    assert done() == ["you", "company", "hours", "team"]

    keepers = dict.fromkeys(("capture", "qualification", "nurturing", "distribution", "selling", "tracking"), kim.id)
    client.post("/setup/agreement", {"leadership": "joint", "deputy": "1", **keepers})
    html = text(client, "/setup/agreement")
    draft = re.search(r"/agreement/(\d+)/sign", html)
    assert draft
    for capacity in ("head_of_sales", "head_of_marketing"):
        assert "agreement" not in done()
        answer = client.post(f"/agreement/{draft[1]}/sign", {"capacity": capacity, "back": "/setup/agreement"})
        assert answer.headers["Location"] == "/setup/agreement"
    assert in_force().version == 2
    assert in_force().clauses.stages["working"].keeper_id == kim.id

    answer = client.post("/setup/portal/test")
    sent = answer.headers["Location"]
    assert "It is on its way" in text(client, sent)
    assert 'hx-trigger="every 1s"' in text(client, sent)
    pump.prepare()
    pump.drain()
    (row,) = inquiries(ids=[int(sent.partition("sent=")[2])])
    arrived = text(client, f"/setup/portal/test/{row.id}")
    assert f"/leads/{row.lead_id}" in arrived
    assert "with Kim Maurer" in arrived
    assert "hx-trigger" not in arrived
    assert waiting(steps()) == []
    assert "You are set up" in text(client, "/setup")


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("/setup/you", YOU | {"password": "short"}, "too short"),
    ("/setup/you", YOU | {"password": ""}, "required"),
    ("/setup/company", COMPANY | {"name": ""}, "required"),
    ("/setup/hours", HOURS | {"closes": "07:00"}, "after the beginning"),
    ("/setup/hours", HOURS | {"extra": "Christmas"}, "is no day"),
    ("/setup/hours", HOURS | {"days": []}, "required"),
    ("/setup/team", KIM | {"email": FIRST_USER}, "already"),
]


def test_what_can_not_be_is_said_and_changes_nothing(link: str) -> None:
    client = entered(link)
    for address, sent, problem in WRONG:
        answer = client.post(address, sent)
        assert answer.status_code == 422, address
        assert problem in unescape(answer.content.decode())
    assert done() == []


def test_the_currency_stays_once_something_is_counted_in_it(link: str) -> None:
    client = entered(link)
    assert client.post("/setup/company", COMPANY).status_code == 302
    person = people.remember([NewPerson(ref=1, given="Dana")], actor=by_system("test"), now=MONDAY)[1]
    wanted = Pursuit(ref=1, person_id=person, interest_id=1, happened_at=MONDAY)
    leads.open_or_join([wanted], terms=in_force(), actor=by_system("test"), now=MONDAY)
    answer = client.post("/setup/company", COMPANY | {"currency": "EUR"})
    assert answer.status_code == 422
    assert "Amounts are kept in USD already" in answer.content.decode()
