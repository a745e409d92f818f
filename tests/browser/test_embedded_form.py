"""A portal's form on somebody else's page: filled in there, kept while we are away, delivered once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import connection
from playwright.sync_api import Page, Route, expect

from leadloop.capture.contracts import PortalKind
from leadloop.capture.forms import Layout, Question, save_layout
from leadloop.capture.queries import portals
from leadloop.capture.rules import QUICKEST_HUMAN
from leadloop.capture.services import PortalIn, save_portal
from leadloop.kernel import clock
from leadloop.ledger.contracts import by_system
from tests.browser.conftest import Signed
from tests.crash.waiting import until

pytestmark = pytest.mark.browser

PATIENCE = 30.0
SETUP = by_system("test")
ASKED = (
    Question(key="email", label="E-mail", required=True),
    Question(key="message", label="Message"),
    Question(key="pump_size", label="Pump size", options=("Small", "Large"), queued=True),
    Question(key="city", label="City", queued=True),
)


@pytest.fixture
def shop(signed: Signed) -> Iterator[str]:
    """Address of a page of another site, strict about what may run on it, that holds our script."""

    class Shop(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            script = f'<script async src="{signed.site.url}/f/web-form/form.js"></script>'
            body = f"<!doctype html><title>Shop</title><main><h1>Shop</h1>{script}</main>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            policy = f"default-src 'none'; script-src {signed.site.url}; connect-src {signed.site.url}"
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    origin = f"http://127.0.0.1:{server.server_port}"
    _open_to(origin)
    yield f"{origin}/pumps?utm_source=shop&utm_campaign=spring"
    server.shutdown()
    server.server_close()


def _open_to(origin: str) -> None:
    was = next(one for one in portals().values() if one.key == "web-form")
    portal = PortalIn(
        key=was.key, name=was.name, kind=PortalKind.BROWSER, owner_id=was.owner_id, interest_id=was.interest_id,
        slug=was.slug, origins=(origin,), programme_id=was.programme_id, source_id=was.source_id,
    )  # fmt: skip
    save_portal(portal=portal, actor=SETUP, now=clock.now())
    save_layout(portal_id=was.id, layout=Layout(questions=ASKED, at_once=1), actor=SETUP, now=clock.now())


def delivered() -> list[str]:
    """The bodies that arrived."""
    with connection.cursor() as cursor:
        cursor.execute("select convert_from(body, 'UTF8') from capture_submission order by id")
        return [row[0] for row in cursor.fetchall()]


def fill(page: Page, email: str) -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Message").fill("Please show us your pumps.")


def test_what_is_asked_there_arrives_here_and_is_asked_once(signed: Signed, shop: str) -> None:
    page = signed.page()
    page.goto(shop)
    expect(page.get_by_label("Pump size")).to_be_visible()
    expect(page.get_by_label("City")).to_have_count(0)
    page.get_by_role("button", name="Send").click()
    assert page.get_by_label("E-mail").evaluate("one => one.matches(':invalid')")

    fill(page, "dana@acme-pumps.example")
    page.get_by_label("Pump size").select_option("Large")
    until("the form was read", lambda: page.evaluate("performance.now()") > 1000 * (QUICKEST_HUMAN + 0.5), PATIENCE)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status")).to_have_text("Thank you, your message has arrived.")
    (body,) = delivered()
    for words in ("dana@acme-pumps.example", '"pump_size":"Large"', "utm_campaign=spring"):
        assert words in body

    page.reload()  # the next visit is asked the next question of the queue
    expect(page.get_by_label("City")).to_be_visible()
    expect(page.get_by_label("Pump size")).to_have_count(0)
    assert [one for one in page.context.cookies() if one["name"] != "theme"] == []
    assert signed.errors == []


def test_what_could_not_be_delivered_is_kept_and_sent_once_we_are_back(signed: Signed, shop: str) -> None:
    page = signed.page()
    page.goto(shop)
    fill(page, "dana@acme-pumps.example")

    def away(route: Route) -> None:
        route.abort("connectionrefused")

    page.route("**/api/capture/**", away)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status")).to_contain_text("is kept in this browser")
    assert delivered() == []

    page.unroute("**/api/capture/**", away)
    page.reload()  # closed and opened again meanwhile
    until("it was delivered", lambda: len(delivered()) == 1, PATIENCE)
    until("nothing waits", lambda: page.evaluate("localStorage.getItem('leadloop-web-form-waiting')") == "[]", PATIENCE)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.reload()
    expect(page.get_by_label("E-mail")).to_be_visible()
    assert len(delivered()) == 1
