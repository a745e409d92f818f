"""The pages of the block and allow lists: pasted, looked through, opened, taken off."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from leadloop.capture.lists.queries import entries
from leadloop.capture.queries import portal
from leadloop.capture.services import claim, quarantine, read, receive
from leadloop.front.tests.pages import as_user
from leadloop.front.tests.test_portal_pages import set_up
from leadloop.kernel import clock
from leadloop.ledger.contracts import Lane, by_system
from tests.support.cast import MONDAY, Cast
from tests.support.statements import asked

pytestmark = pytest.mark.django_db
PASTED = {"lines": "berg.example\n192.0.2.0/24\ncheap backlinks", "reason": "Spam of May"}


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.at(MONDAY) as moment:
        yield moment


def knock() -> None:
    """Somebody at a blocked domain writes."""
    receive(portal=portal("web-form"), body=orjson.dumps({"email": "ann@berg.example"}), now=MONDAY)
    _, unreadable = read(claimed=claim(lane=Lane.LIVE, limit=10, now=MONDAY), now=MONDAY)
    quarantine(unreadable=unreadable, actor=by_system("intake"), now=MONDAY)


def test_a_pasted_list_holds_what_it_names_and_says_who_put_it_there(cast: Cast) -> None:
    set_up(cast)
    browser = as_user(cast, "mira")
    assert browser.post("/lists/add", PASTED)["Location"] == "/lists"
    knock()
    page = browser.get("/lists").content.decode()
    assert "3 added." in page
    for words in ("berg.example", "192.0.2.0/24", "Spam of May", "Every portal", "Mira"):
        assert words in page
    held = browser.get("/quarantine?code=blocked").content.decode()
    assert "On a block list" in held
    row = next(one for one in entries(allows=False) if one.value == "berg.example")
    opened = browser.get(f"/lists/{row.id}").content.decode()
    assert "Delivery" in opened
    assert '<a href="/quarantine/' in opened


def test_what_cannot_be_one_is_said_at_the_field_and_nothing_is_lost(cast: Cast) -> None:
    set_up(cast)
    answer = as_user(cast, "mira").post("/lists/add", {**PASTED, "kind": "network"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Line 1, “berg.example”, is no network." in page.replace("&quot;", '"')
    assert "cheap backlinks" in page
    assert entries(allows=False) == []


def test_it_is_narrowed_and_an_entry_is_taken_off(cast: Cast) -> None:
    web = set_up(cast)
    browser = as_user(cast, "mira")
    browser.post("/lists/add", {**PASTED, "portal": web.id, "side": "allow"})
    assert "berg.example" not in browser.get("/lists").content.decode()
    narrowed = browser.get(f"/lists?side=allow&kind=domain&q=berg&portal={web.id}").content.decode()
    assert "berg.example" in narrowed
    assert "192.0.2.0/24" not in narrowed
    (row,) = entries(allows=True, kind="domain")
    assert browser.post(f"/lists/{row.id}/remove")["Location"] == "/lists?side=allow"
    page = browser.get(f"/lists/{row.id}").content.decode()
    assert "Taken off" in page
    assert browser.get("/lists/999999").status_code == 404


def test_held_by_a_list_they_are_released_together(cast: Cast) -> None:
    set_up(cast)
    browser = as_user(cast, "mira")
    browser.post("/lists/add", PASTED)
    for _ in range(3):
        knock()
    page = browser.get("/quarantine?code=blocked").content.decode()
    ids = [part.split('"')[0] for part in page.split('name="ids" value="')[1:]]
    browser.post("/quarantine/replay", {"ids": ids})
    parsed, unreadable = read(claimed=claim(lane=Lane.LIVE, limit=10, now=MONDAY), now=MONDAY)
    assert (len(parsed), unreadable) == (3, [])


def test_a_long_list_takes_no_more_statements(cast: Cast) -> None:
    set_up(cast)
    browser = as_user(cast, "mira")
    browser.post("/lists/add", PASTED)
    few = asked(browser, "/lists")
    many = "\n".join(f"d{number}.example" for number in range(200))
    browser.post("/lists/add", {"lines": many, "reason": "More"})
    assert asked(browser, "/lists?q=d") == few
    assert asked(browser, "/lists?q=d") == few
    assert 'rel="next"' in browser.get("/lists?q=d").content.decode()
