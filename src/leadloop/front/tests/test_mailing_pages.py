"""Mailings in the browser: seen, tried, confirmed, stopped, and every number opens its rows."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from leadloop.front.tests.pages import as_user
from leadloop.kernel import clock
from leadloop.ledger.contracts import by_system, by_user
from leadloop.mailing.queries import mailing, mailings
from leadloop.mailing.services import write_due
from leadloop.outreach import services as outreach
from leadloop.outreach.models import Message
from leadloop.outreach.tests.post import person, post_office
from leadloop.segments import services as segments
from leadloop.segments.contracts import NewSegment, Subject
from tests.support.cast import MONDAY, Cast

pytestmark = pytest.mark.django_db
CLOCK = by_system("clock")
FIGURE = re.compile(r'data-figure="(\d+)"[^>]*href="(/mailings/[^"]+)"')


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.at(MONDAY) as moment:
        yield moment


@pytest.fixture
def marketing(cast: Cast) -> Client:
    return as_user(cast, "tomas")


@pytest.fixture
def group(cast: Cast) -> int:
    ast = {"all": [{"facet": "person.email_domain", "op": "=", "value": "acme.example"}]}
    new = NewSegment(name="Acme", subject=Subject.PERSON, criteria=ast, owner_id=cast.user["tomas"])
    return segments.save(segment=new, actor=by_user(cast.user["tomas"]), now=MONDAY)


def text(client: Client, **changes: str) -> Any:
    body = "Dear {{ person.given_name | friend }},\n\nlook at [our pumps](https://www.alder-finch.example)."
    sent = {"key": "spring", "language": "en", "subject": "New pumps", "body": body}
    return client.post("/mailings/texts/new", {**sent, **changes})


def drafted(client: Client, group: int) -> int:
    text(client)
    made = client.post("/mailings/new", {"name": "Spring", "segment_id": group, "template_key": "spring"})
    assert made.status_code == 302
    return mailings()[0].id


def test_a_text_is_written_and_its_flaws_are_said(marketing: Client) -> None:
    assert text(marketing).headers["Location"] == "/mailings/new?text=spring"
    flawed = text(marketing, body="Dear {{ person.shoe_size | friend }}")
    assert flawed.status_code == 422
    assert "shoe_size is no merge field" in flawed.content.decode()
    assert text(marketing, key="Über uns").status_code == 422


def test_a_mailing_is_looked_at_confirmed_and_told(marketing: Client, group: int) -> None:
    person("ana@acme.example"), person("ben@acme.example", consent=False)
    mailing_id = drafted(marketing, group)
    page = marketing.get(f"/mailings/{mailing_id}").content.decode()
    assert "Left out: They have not agreed to it" in page
    assert "Dear Ana," in page
    assert "Send 1 letter<" in page
    assert marketing.post(f"/mailings/{mailing_id}/test").status_code == 302
    assert marketing.post(f"/mailings/{mailing_id}/confirm").status_code == 302
    assert marketing.post(f"/mailings/{mailing_id}/confirm").status_code == 409
    held = marketing.get(f"/mailings/{mailing_id}").content.decode()
    assert "leaves at 10:01" in held
    assert "Stop 1 letter<" in held
    watched = marketing.get(f"/mailings/{mailing_id}/results", headers={"HX-Request": "true"}).content.decode()
    assert "leaves at 10:01" in watched
    assert "<html" not in watched
    assert write_due(limit=10, actor=CLOCK, now=MONDAY) == 1
    with post_office() as office:
        outreach.deliver(limit=10, now=MONDAY + timedelta(minutes=1), sender=office.sender)
        assert sorted(office.recipients) == ["ana@acme.example", "tomas@alder-finch.example"]
    with clock.at(MONDAY + timedelta(hours=1)):
        told = marketing.get(f"/mailings/{mailing_id}").content.decode()
    assert "Every letter has been dealt with." in told
    assert "hx-trigger" not in told.partition('id="results"')[2].partition(">")[0]
    assert "Stop" not in told


def test_every_number_opens_as_many_rows(marketing: Client, group: int) -> None:
    for number in range(3):
        person(f"p{number}@acme.example")
    person("ben@acme.example", consent=False)
    gone = person("zoe@acme.example")
    mailing_id = drafted(marketing, group)
    marketing.post(f"/mailings/{mailing_id}/confirm")
    write_due(limit=10, actor=CLOCK, now=MONDAY)
    Message.objects.filter(person_id=gone, purpose="marketing").update(state="refused", detail="suppressed")
    page = marketing.get(f"/mailings/{mailing_id}").content.decode()
    numbers = {(int(value), unescape(url)) for value, url in FIGURE.findall(page)}
    assert sorted(value for value, _ in numbers) == [0, 0, 1, 1, 1, 3, 3]
    for value, url in numbers:
        rows = marketing.get(url).content.decode()
        assert f'data-rows-total="{value}"' in rows, url
        assert rows.count("<tr>") - 1 == max(value, 1), url
    assert marketing.get(f"/mailings/{mailing_id}/rows?state=lost").status_code == 422


def test_it_is_stopped_by_one_button(marketing: Client, group: int) -> None:
    person("ana@acme.example")
    mailing_id = drafted(marketing, group)
    marketing.post(f"/mailings/{mailing_id}/confirm")
    marketing.post(f"/mailings/{mailing_id}/stop")
    page = marketing.get(f"/mailings/{mailing_id}").content.decode()
    assert "The mailing was stopped" in page
    assert "Stopped: 1 letter will not go out." in page


def test_many_letters_need_their_number(marketing: Client, group: int) -> None:
    for number in range(101):
        person(f"p{number}@acme.example")
    mailing_id = drafted(marketing, group)
    assert "101 letters: type the number" in marketing.get(f"/mailings/{mailing_id}").content.decode()
    wrong = marketing.post(f"/mailings/{mailing_id}/confirm", {"typed": "100"})
    assert wrong.status_code == 422
    assert "Type 101 if that is what you want." in wrong.content.decode()
    assert marketing.post(f"/mailings/{mailing_id}/confirm", {"typed": "101"}).status_code == 302
    assert mailing(mailing_id).wanted == 101


def test_those_who_watch_see_it_and_can_not_send(cast: Cast, marketing: Client, group: int) -> None:
    person("ana@acme.example")
    mailing_id = drafted(marketing, group)
    president = as_user(cast, "helen")
    assert "Send 1" not in president.get(f"/mailings/{mailing_id}").content.decode()
    assert president.post(f"/mailings/{mailing_id}/confirm").status_code == 403
    assert as_user(cast, "kim").get(f"/mailings/{mailing_id}").status_code == 403
