"""Portals: listed with what came through them, set up and changed by marketing, their secrets shown once."""

from __future__ import annotations

from typing import Any

import pytest

from leadloop.capture.contracts import PortalKind, Unreadable
from leadloop.capture.queries import portal as portal_by_key
from leadloop.capture.services import PortalIn, claim, quarantine, receive, save_portal
from leadloop.front.tests.pages import as_user
from leadloop.identity.contracts import Alike
from leadloop.kernel import clock
from leadloop.ledger.contracts import Lane, by_user
from tests.support.cast import MONDAY, Cast
from tests.support.statements import asked

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.at(MONDAY) as moment:
        yield moment


def set_up(cast: Cast, key: str = "web-form", **changes: Any) -> Any:
    wanted = {
        "key": key,
        "name": key.replace("-", " ").capitalize(),
        "kind": PortalKind.BROWSER,
        "owner_id": cast.user["tomas"],
        "interest_id": cast.interest["general"],
    }
    save_portal(portal=PortalIn(**{**wanted, **changes}), actor=by_user(cast.user["tomas"]), now=MONDAY)
    return portal_by_key(key)


def filled(cast: Cast, **changes: Any) -> dict[str, Any]:
    given = {
        "name": "Spring fair",
        "kind": "server",
        "owner_id": cast.user["tomas"],
        "interest_id": cast.interest["pumps"],
        "inquiry_kind": "sales",
        "handover": "all_inquiries",
        "alike": "join",
        "acknowledge": "on",
        "is_on": "on",
    }
    return {**given, **changes}


def deliver(portal: Any, body: bytes = b'{"email": "dana@acme.example"}') -> int:
    return receive(portal=portal, body=body, now=MONDAY)


def test_without_portals_the_list_says_what_to_do(cast: Cast) -> None:
    page = as_user(cast, "tomas").get("/portals").content.decode()
    assert "Set the first one up" in page
    assert 'href="/portals/new"' in page
    assert "Set up a portal" not in as_user(cast, "grace").get("/portals").content.decode()


def test_the_list_tells_what_came_in_and_what_became_of_it(cast: Cast) -> None:
    web = set_up(cast)
    deliver(web)
    held = deliver(web, b"{}")
    claim(lane=Lane.LIVE, limit=10, now=MONDAY)
    quarantine(unreadable=[Unreadable(held, "empty", "Empty.")], actor=by_user(cast.user["ada"]), now=MONDAY)
    page = as_user(cast, "tomas").get("/portals").content.decode()
    assert "2 inquiries came in today." in page
    assert "1 delivery waits in" in page
    assert "Tomas Lind" in page
    assert "today" in page
    assert "2 came in within 14 days" in page  # the chart's words


def test_the_list_takes_the_same_number_of_queries_for_one_and_for_thirty(cast: Cast) -> None:
    client = as_user(cast, "tomas")
    counts = []
    for wanted in (1, 30):
        for number in range(wanted):
            set_up(cast, f"portal-{number}", programme_id=cast.programme["spring"])
        client.get("/portals")
        counts.append(asked(client, "/portals"))
    assert counts[0] == counts[1] <= 13


def test_a_portal_is_set_up_by_its_form(cast: Cast) -> None:
    answer = as_user(cast, "tomas").post("/portals/new", filled(cast))
    made = portal_by_key("spring-fair")
    assert answer["Location"] == f"/portals/{made.id}"
    assert (made.kind, made.handover, made.owner_id) == ("server", "all_inquiries", cast.user["tomas"])
    assert made.alike is Alike.JOIN
    page = as_user(cast, "tomas").get(f"/portals/{made.id}").content.decode()
    assert "/api/capture/spring-fair" in page
    assert "There is none yet, so nothing can be delivered." in page


def test_two_portals_never_share_a_name(cast: Cast) -> None:
    as_user(cast, "tomas").post("/portals/new", filled(cast))
    answer = as_user(cast, "tomas").post("/portals/new", filled(cast, handover="sales_ready"))
    assert answer.status_code == 422
    assert "There is a portal of this name already" in answer.content.decode()
    assert portal_by_key("spring-fair").handover == "all_inquiries"


def test_changing_a_portal_keeps_what_the_form_does_not_ask(cast: Cast) -> None:
    was = set_up(cast, mapping={"firma": "company"}, origins=("https://www.acme.example",))
    changes = filled(cast, name="Web form, new", origins="https://a.example\nhttps://b.example", is_on="")
    answer = as_user(cast, "tomas").post(f"/portals/{was.id}/save", changes)
    assert answer.status_code == 302
    now = portal_by_key("web-form")
    assert (now.name, now.slug, now.kind, now.is_on) == ("Web form, new", was.slug, was.kind, False)
    assert now.mapping == (("firma", "company"),)
    assert now.origins == ("https://a.example", "https://b.example")


def test_mistakes_are_said_at_their_fields(cast: Cast) -> None:
    web = set_up(cast)
    wrong = filled(cast, name="", origins="not an address", owner_id="")
    assert as_user(cast, "tomas").post(f"/portals/{web.id}/save", wrong).status_code == 422
    answer = as_user(cast, "tomas").post(f"/portals/{web.id}/save", filled(cast, origins="www.acme.example"))
    assert answer.status_code == 422
    assert "This is no origin of a web page. Write it like https://www.example.com." in answer.content.decode()


def test_a_secret_is_asked_about_first_and_shown_once(cast: Cast) -> None:
    shop = set_up(cast, "shop", kind=PortalKind.SERVER)
    client = as_user(cast, "tomas")
    assert "<dialog" in client.get(f"/portals/{shop.id}/token", headers={"HX-Request": "true"}).content.decode()
    first = client.post(f"/portals/{shop.id}/token").content.decode()
    prefix = portal_by_key("shop").token_prefix
    assert "shown this once" in first
    assert f"{prefix}" in first
    again = client.get(f"/portals/{shop.id}").content.decode()
    assert f"begins with <code>{prefix}</code>" in again
    assert "shown this once" not in again


def test_who_may_only_look_sees_no_form(cast: Cast) -> None:
    web = set_up(cast, consent_wording="Yes, write to me.")
    page = as_user(cast, "grace").get(f"/portals/{web.id}").content.decode()
    assert "Yes, write to me." in page
    assert "/save" not in page
    assert as_user(cast, "grace").post(f"/portals/{web.id}/save", filled(cast)).status_code == 403
    assert as_user(cast, "grace").get(f"/portals/{web.id}/token").status_code == 403
