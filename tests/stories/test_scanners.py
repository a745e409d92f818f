"""Fault 52: scanners open every link in a letter at once. That is nobody's doing; what people do later counts."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from leadloop.agreement.queries import in_force
from leadloop.capture.models import Visit
from leadloop.kernel import clock
from leadloop.leads.queries import rows
from leadloop.ledger.sql import fetch
from leadloop.loop import visiting
from leadloop.nurture import services as nurture
from leadloop.outreach import services as outreach
from leadloop.outreach.contracts import Purpose
from leadloop.outreach.tests.post import draft, post_office, put
from leadloop.people import services as people
from leadloop.people.contracts import Channel, ConsentWord
from leadloop.people.queries import suppressed, with_address
from tests.stories.house import SETUP, House
from tests.stories.test_visiting import DANA, FIREFOX, ask, open_site, read

__all__ = ["open_site"]
SCANNERS: dict[str, dict[str, str]] = {
    "SafeLinks": {"User-Agent": FIREFOX},  # says that it is a browser
    "Mimecast": {"User-Agent": "Mozilla/5.0 (compatible; mimecast URL scan)"},
    "a browser that looks ahead": {"User-Agent": FIREFOX, "Sec-Purpose": "prefetch;prerender"},
    "nobody": {"User-Agent": ""},
}
ADDRESS = "dana@pumps.example"


def everything(lead_id: int) -> list[Any]:
    """What a click could have changed."""
    lead = rows([lead_id])[lead_id]
    return [
        (lead.engagement, lead.touches, lead.stage),
        fetch("select state, due_at::text from nurture_enrolment"),
        fetch("select count(*) from ledger_event"),
        fetch("select count(*) from outreach_message where unsubscribed_at is not null"),
        suppressed([ADDRESS], "email", "marketing"),
        Visit.objects.count(),
    ]


@pytest.mark.parametrize("name", SCANNERS)
def test_fault_52_whoever_opens_every_link_of_a_letter_changes_nothing(house: House, name: str) -> None:
    nurture.install_standard(owner_id=house.cast.user["tomas"], terms=in_force(), actor=SETUP, now=house.now)
    lead = ask(house, DANA, "Dana")
    links = _links(house)
    assert any("/unsubscribe/" in link for link in links)
    before = everything(lead.id)
    with clock.at(house.now):
        for link in links:
            for method in ("head", "get", "options"):
                answer = getattr(Client(), method)(link, headers=SCANNERS[name])
                assert answer.status_code < 500
    house.run()
    assert everything(lead.id) == before

    (way_out,) = (link for link in links if "/unsubscribe/" in link)
    with clock.at(house.now):  # the person does it by hand, an hour later
        assert Client().post(way_out).status_code == 200
    assert suppressed([ADDRESS], "email", "marketing") == {ADDRESS}


def _links(house: House) -> list[str]:
    """Every address of ours in a letter as it went out: in its headers, its text and its page."""
    (who,) = with_address(ADDRESS)
    word = ConsentWord(person_id=who, channel=Channel.EMAIL, purpose="marketing", wording="Yes, please")
    people.give_consent([word], actor=SETUP, now=house.now)
    form = f"{settings.PUBLIC_URL}/f/web-form"
    offer = draft(who, Purpose.MARKETING, text=f"Have a look: {form}\n", html=f'<body><a href="{form}">Look</a></body>')
    put(offer, house.now)
    with post_office() as office:
        outreach.deliver(limit=10, now=house.now + timedelta(minutes=1), sender=office.sender)
        raw = b"\n".join(part for _, part in office.arrived).decode().replace("=\r\n", "").replace("=3D", "=")
    return sorted(set(re.findall(re.escape(settings.PUBLIC_URL) + r"[^\s\"<>]*", raw)))


@pytest.mark.parametrize("name", sorted(set(SCANNERS) - {"SafeLinks"}))
def test_fault_52_a_page_that_a_machine_opened_warms_nobody_and_a_person_later_does(house: House, name: str) -> None:
    lead = ask(house, DANA, "Dana")
    for number in range(5):
        read(house, f"/offer-{number}", **SCANNERS[name])
        read(house, f"/offer-{number}", visitor=uuid4(), **SCANNERS[name])
    assert Visit.objects.count() == 0
    read(house, "/offer-1")
    house.wait(minutes=20)
    assert visiting.gather(limit=100, now=house.now) == 1
    warmer = rows([lead.id])[lead.id]
    assert (warmer.engagement or 0) > (lead.engagement or 0)
