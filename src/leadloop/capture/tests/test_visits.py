"""Pages that were read: nobody's until somebody says who they are, and nothing kept that is nobody's business."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from leadloop.capture import visits
from leadloop.capture.contracts import PortalKind
from leadloop.capture.models import Visit
from leadloop.capture.tests.conftest import NOW
from leadloop.capture.visits.gathering import PAUSE, Seen, sessions
from leadloop.capture.visits.reading import PageSeen, is_machine, read_page
from leadloop.people.stores import stores

VISITOR = UUID("6f1c1e0a-8f6b-4f0e-9a58-0f8f4f6f2a11")
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0"


def told(**changed: str) -> bytes:
    return orjson.dumps({"visitor": str(VISITOR), "page": "https://www.acme.example/pumps", "referrer": ""} | changed)


def test_of_an_address_host_path_and_codes_are_kept_and_nothing_else() -> None:
    page = "https://www.acme.example/pumps?utm_source=news&email=ann@berg.example&token=secret#price"
    found = read_page(told(page=page, referrer="https://www.google.example/search?q=my+illness"))
    assert found == PageSeen(VISITOR, "www.acme.example/pumps", "www.google.example/search", {"utm_source": "news"})


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b'"text"', told(visitor="kim"), told(page="javascript:alert(1)"), told(page=""), b"x" * 5000, told(page="https://[")],
)  # fmt: skip
def test_what_our_script_does_not_send_is_nothing(body: bytes) -> None:
    found = read_page(body)
    assert found is None or found.page == ""


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        (FIREFOX, False),
        ("", True),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", True),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/149.0 Safari/537.36", True),
        ("Slackbot-LinkExpanding 1.0", True),
        ("python-requests/2.32", True),
        ("Mozilla/5.0 (Linux; Android 14; CUBOT NOTE 50) Mobile Safari/537.36 Robothouse/1", False),
    ],
)
def test_programs_are_told_by_their_name(agent: str, expected: bool) -> None:
    assert is_machine(agent) is expected


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 600)), max_size=60))
def test_every_page_belongs_to_one_visit_and_visits_are_parted_by_a_pause(drawn: list[tuple[int, int]]) -> None:
    seen = [Seen(person, n, 1, NOW + timedelta(minutes=at), f"page-{n}") for n, (person, at) in enumerate(drawn)]
    found = sessions(seen)
    assert sorted(page for one in found for _, page in one.pages) == sorted(one.page for one in seen)
    for one in found:
        times = [at for at, _ in one.pages]
        assert times == sorted(times)
        assert all(later - earlier <= PAUSE for earlier, later in pairwise(times))
    for person in {one.person_id for one in found}:
        own = sorted((one.pages[0][0], one.pages[-1][0]) for one in found if one.person_id == person)
        assert all(begins - ended > PAUSE for (_, ended), (begins, _) in pairwise(own))


@pytest.fixture
def portal_id(db: None, save: Any) -> int:
    return int(save("web", kind=PortalKind.BROWSER).id)


def see(portal_id: int, at: datetime, page: str = "/pumps", visitor: UUID = VISITOR) -> None:
    visits.see(portal_id=portal_id, seen=PageSeen(visitor, f"acme.example{page}", "", {}), now=at)


def test_what_was_read_before_is_theirs_once_they_say_who_they_are(portal_id: int) -> None:
    see(portal_id, NOW)
    see(portal_id, NOW, visitor=uuid4())
    assert visits.gather(limit=10, now=NOW + timedelta(days=1)) == []
    visits.know({VISITOR: 7}, now=NOW)
    see(portal_id, NOW + timedelta(minutes=2), "/prices")
    assert visits.gather(limit=10, now=NOW + timedelta(minutes=5)) == []  # still reading
    (one,) = visits.gather(limit=10, now=NOW + timedelta(minutes=13))
    assert one.person_id == 7
    assert [page for _, page in one.pages] == ["acme.example/pumps", "acme.example/prices"]
    assert visits.gather(limit=10, now=NOW + timedelta(days=1)) == []


def test_who_uses_the_device_later_does_not_get_what_an_earlier_person_read(portal_id: int) -> None:
    see(portal_id, NOW)
    visits.know({VISITOR: 7}, now=NOW)
    see(portal_id, NOW + timedelta(hours=1), "/prices")
    visits.know({VISITOR: 8}, now=NOW + timedelta(hours=2))
    see(portal_id, NOW + timedelta(hours=3), "/jobs")
    found = visits.gather(limit=10, now=NOW + timedelta(days=1))
    assert [(one.person_id, len(one.pages)) for one in found] == [(7, 1), (7, 1), (8, 1)]


def test_what_nobody_we_know_has_read_is_forgotten(portal_id: int) -> None:
    see(portal_id, NOW)
    see(portal_id, NOW + timedelta(days=2), visitor=uuid4())
    visits.know({VISITOR: 7}, now=NOW)
    assert visits.sweep(NOW + timedelta(days=1)) == 0
    assert visits.sweep(NOW + timedelta(days=3)) == 1


def test_erasing_somebody_forgets_what_they_read_and_their_browser(portal_id: int) -> None:
    see(portal_id, NOW)
    visits.know({VISITOR: 7}, now=NOW)
    store = next(one for one in stores() if one.name == "visits")
    assert store.export is not None
    assert [row["page"] for row in store.export([7])] == ["acme.example/pumps"]
    with connection.cursor() as cursor:
        assert store.erase(cursor, [7]) == 2
        assert store.erase(cursor, [7]) == 0
    see(portal_id, NOW)
    assert Visit.objects.get().person_id is None
