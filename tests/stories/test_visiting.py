"""Somebody reads the site, asks by its form, reads on: their lead warms up."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import orjson
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from leadloop.capture import visits
from leadloop.capture.models import Visit
from leadloop.capture.queries import portal
from leadloop.capture.visits.reading import PageSeen
from leadloop.front.capture import visits as doors
from leadloop.front.tests.pages import as_user
from leadloop.kernel import clock
from leadloop.leads.contracts import LeadRow
from leadloop.leads.queries import rows
from leadloop.ledger.queries import parked, timeline
from leadloop.loop import visiting
from tests.stories.house import House
from tests.support.statements import count

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0"
SITE = "https://www.acme.example"
DANA = UUID("6f1c1e0a-8f6b-4f0e-9a58-0f8f4f6f2a11")


@pytest.fixture(autouse=True)
def open_site(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "_buckets", doors.Buckets(rate=doors.RATE, burst=doors.BURST))
    house.open_to(SITE)


def read(house: House, path: str, *, visitor: UUID = DANA, **headers: str) -> None:
    """A browser tells of a page."""
    body = orjson.dumps({"visitor": str(visitor), "page": f"{SITE}{path}?utm_source=news"})
    sent = {"Origin": SITE, "User-Agent": FIREFOX} | headers
    with clock.at(house.now):
        answer = Client().post("/f/web-form/seen", body, content_type="text/plain", headers=sent)
    assert (answer.status_code, answer.content) == (204, b"")


def ask(house: House, visitor: UUID, name: str) -> LeadRow:
    """They send the form; returns their lead."""
    ref = house.inquire(name=name, email=f"{name.lower()}@pumps.example", _visitor=str(visitor))
    house.run()
    with connection.cursor() as cursor:
        cursor.execute("select lead_id from capture_inquiry where id = %s", [ref])
        (lead_id,) = cursor.fetchone()
    return rows([lead_id])[lead_id]


def test_reading_warms_the_lead_and_stands_on_its_timeline(house: House) -> None:
    read(house, "/pumps")
    lead = ask(house, DANA, "Dana")
    assert lead.engagement is not None
    house.wait(minutes=1)
    for path in ("/prices", "/prices", *(f"/part-{n}" for n in range(9))):
        read(house, path)
    house.wait(minutes=20)

    assert visiting.gather(limit=100, now=house.now) == 1
    warmer = rows([lead.id])[lead.id]
    assert warmer.engagement is not None
    assert warmer.engagement > lead.engagement
    (fact,) = [e for e in timeline(person_ids=[lead.person_id]) if e.kind == "site.visited"]
    assert fact.payload["pages"] == 12
    assert "acme" not in str(fact.payload)
    with clock.at(house.now):
        record = as_user(house.cast, "ines").get(f"/leads/{lead.id}").content.decode()
    assert "12 pages: /pumps, /prices, /part-0, /part-1 and 7 more" in record
    assert visiting.gather(limit=100, now=house.now + timedelta(days=1)) == 0
    assert parked() == []
    assert house.breaches() == []


def test_of_one_visit_a_few_pages_count_and_each_once(house: House) -> None:
    at = house.now
    pages = [(at, "a"), (at + timedelta(seconds=5), "a"), *((at + timedelta(minutes=n), f"b{n}") for n in range(1, 9))]
    assert visiting.counted(pages) == [at, *(at + timedelta(minutes=n) for n in range(1, visiting.MOST_PAGES))]


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "Mozilla/5.0 (compatible; bingbot/2.0)"},
        {"Origin": "https://www.other.example"},
        {"Sec-GPC": "1"},
        {"DNT": "1"},
    ],
)
def test_machines_others_and_those_who_want_to_be_left_alone_are_not_kept(
    house: House, headers: dict[str, str]
) -> None:
    read(house, "/pumps", **headers)
    assert not Visit.objects.exists()
    read(house, "/pumps")
    assert Visit.objects.count() == 1


def test_what_is_no_page_is_not_kept(house: House) -> None:
    sent = {"Origin": SITE, "User-Agent": FIREFOX}
    for body in (b"{", b"x" * 10_000, orjson.dumps({"visitor": "1", "page": SITE})):
        assert Client().post("/f/web-form/seen", body, content_type="text/plain", headers=sent).status_code == 204
    assert Client().post("/f/nothing/seen", b"{}", content_type="text/plain", headers=sent).status_code == 204
    assert not Visit.objects.exists()


def test_gathering_asks_as_much_of_one_as_of_many(house: House) -> None:
    assert _statements(house, 1) == _statements(house, 25)


def _statements(house: House, people: int) -> int:
    """What it takes to gather one visit each of so many people."""
    portal_id = portal("web-form").id
    for _ in range(people):
        visitor = uuid4()
        ask(house, visitor, f"Ann{visitor.hex}")
        visits.see(portal_id=portal_id, seen=PageSeen(visitor, "acme.example/pumps", "", {}), now=house.now)
    with CaptureQueriesContext(connection) as queries:
        assert visiting.gather(limit=100, now=house.now + timedelta(hours=1)) == people
    return count(queries)
