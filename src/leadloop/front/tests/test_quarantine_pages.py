"""Quarantine: everything that could not be read waits with its reason, is put right by a person, and goes through."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from leadloop.capture.contracts import Parsed, Unreadable
from leadloop.capture.services import claim, quarantine, read, receive
from leadloop.front.tests.pages import as_user
from leadloop.front.tests.test_portal_pages import set_up
from leadloop.kernel import clock
from leadloop.ledger.contracts import Lane, by_system
from tests.support.cast import MONDAY, Cast
from tests.support.statements import asked

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.at(MONDAY) as moment:
        yield moment


def hold(portal: Any, *bodies: Any, code: str = "no_contact", text: str = "Nobody could answer it.") -> list[int]:
    ids = [
        receive(portal=portal, body=body if isinstance(body, bytes) else orjson.dumps(body), now=MONDAY)
        for body in bodies
    ]
    claim(lane=Lane.LIVE, limit=100, now=MONDAY)
    quarantine(unreadable=[Unreadable(one, code, text) for one in ids], actor=by_system("intake"), now=MONDAY)
    return ids


def through() -> list[Parsed | Unreadable]:
    parsed, unreadable = read(claimed=claim(lane=Lane.LIVE, limit=50, now=MONDAY), now=MONDAY)
    return [*parsed, *unreadable]


def test_an_empty_quarantine_says_what_will_be_here(cast: Cast) -> None:
    assert "Nothing is held here." in as_user(cast, "mira").get("/quarantine").content.decode()


def test_the_list_shows_reasons_and_what_was_said_as_text(cast: Cast) -> None:
    hold(set_up(cast), {"name": "<script>alert(1)</script>"})
    page = as_user(cast, "mira").get("/quarantine").content.decode()
    assert "No way to answer" in page
    assert "Web form" in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_it_is_narrowed_by_portal_and_reason(cast: Cast) -> None:
    web, fair = set_up(cast), set_up(cast, "fair")
    (first,) = hold(web, {"name": "Ann"})
    (second,) = hold(fair, b"", code="empty")
    client = as_user(cast, "mira")
    assert f"/quarantine/{second}" not in client.get(f"/quarantine?portal={web.id}").content.decode()
    only_empty = client.get("/quarantine?code=empty").content.decode()
    assert f"/quarantine/{second}" in only_empty
    assert f"/quarantine/{first}" not in only_empty
    assert "Nothing of this kind is here." in client.get("/quarantine?code=too_deep").content.decode()


def test_older_ones_are_on_the_next_page(cast: Cast) -> None:
    ids = hold(set_up(cast), *({"name": f"Ann {n}"} for n in range(52)))
    client = as_user(cast, "mira")
    first = client.get("/quarantine").content.decode()
    assert f'/quarantine/{ids[1]}"' not in first
    assert f"/quarantine?before={ids[2]}" in first
    assert f'/quarantine/{ids[1]}"' in client.get(f"/quarantine?before={ids[2]}").content.decode()


def test_the_list_takes_the_same_number_of_queries_for_one_and_for_thirty(cast: Cast) -> None:
    web, client, counts = set_up(cast), as_user(cast, "mira"), []
    for wanted in (1, 29):
        hold(web, *({"name": f"Ann {n}"} for n in range(wanted)))
        client.get("/quarantine")
        counts.append(asked(client, "/quarantine"))
    assert counts[0] == counts[1] <= 10


def test_a_person_puts_it_right_and_it_goes_through(cast: Cast) -> None:
    (held,) = hold(set_up(cast), {"Name": "Ann Berg", "E-Mail": "ann at berg.example"})
    client = as_user(cast, "mira")
    page = client.get(f"/quarantine/{held}").content.decode()
    assert "Nobody could answer it." in page
    assert 'value="ann at berg.example"' in page
    assert "Phone" in page  # often missing, so offered
    answer = client.post(
        f"/quarantine/{held}/replay",
        {"value-0": "Ann Berg", "value-1": "ann@berg.example", "value-2": "+49 30 1234567"},
    )
    assert answer["Location"] == "/quarantine"
    (found,) = through()
    assert isinstance(found, Parsed)
    assert (found.candidate.given, found.candidate.email) == ("Ann", "ann@berg.example")
    assert found.candidate.phone == "+49301234567"


def test_corrections_add_up_and_the_original_stays(cast: Cast) -> None:
    (held,) = hold(set_up(cast), {"name": "Ann"})
    client = as_user(cast, "mira")
    client.post(f"/quarantine/{held}/replay", {"value-0": "Ann Berg"})
    claim(lane=Lane.LIVE, limit=5, now=MONDAY)
    quarantine(unreadable=[Unreadable(held, "no_contact", "Still.")], actor=by_system("intake"), now=MONDAY)
    page = client.get(f"/quarantine/{held}").content.decode()
    assert 'value="Ann Berg"' in page
    assert "{&quot;name&quot;:&quot;Ann&quot;}" in page
    assert "once before" in page
    client.post(f"/quarantine/{held}/replay", {"value-0": "Ann Berg", "value-1": "ann@berg.example"})
    (found,) = through()
    assert isinstance(found, Parsed)
    assert (found.candidate.family, found.candidate.email) == ("Berg", "ann@berg.example")


def test_what_can_not_be_read_at_all_can_be_typed(cast: Cast) -> None:
    (held,) = hold(set_up(cast), b"\xff\xfe not readable", code="unreadable", text="Neither JSON nor a form.")
    client = as_user(cast, "mira")
    page = client.get(f"/quarantine/{held}").content.decode()
    assert page.count('name="value-') == 5
    client.post(f"/quarantine/{held}/replay", {"value-1": "ann@berg.example"})
    (found,) = through()
    assert isinstance(found, Parsed)


def test_several_are_sent_through_as_they_are(cast: Cast) -> None:
    ids = hold(set_up(cast), {"name": "Ann"}, {"name": "Ben"}, {"name": "Cid"})
    answer = as_user(cast, "mira").post("/quarantine/replay", {"ids": [*ids[:2], "²", "x"]}, follow=True)
    assert "2 were sent through again." in answer.content.decode()
    assert len(through()) == 2


def test_a_second_click_finds_it_gone(cast: Cast) -> None:
    (held,) = hold(set_up(cast), {"name": "Ann"})
    client = as_user(cast, "mira")
    assert client.post(f"/quarantine/{held}/replay").status_code == 302
    assert client.post(f"/quarantine/{held}/replay").status_code == 409
    assert "It is on its way" in client.get(f"/quarantine/{held}").content.decode()


def test_what_never_came_is_not_found(cast: Cast) -> None:
    assert as_user(cast, "mira").get("/quarantine/999999").status_code == 404
