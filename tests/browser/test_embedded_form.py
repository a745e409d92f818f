"""A portal's form on somebody else's page: filled in there, kept while we are away, delivered once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import connection
from playwright.sync_api import Page, Route, expect

from leadloop.capture.forms import Layout, Question, save_layout
from leadloop.capture.queries import portal
from leadloop.capture.rules import QUICKEST_HUMAN
from tests.browser.conftest import Signed
from tests.crash.waiting import until
from tests.stories.house import SETUP, House

pytestmark = pytest.mark.browser

PATIENCE = 30.0
ASKED = (
    Question(key="email", label="E-mail", required=True),
    Question(key="message", label="Message"),
    Question(key="pump_size", label="Pump size", options=("Small", "Large"), queued=True),
    Question(key="city", label="City", queued=True),
)


@pytest.fixture
def shop(signed: Signed, house: House) -> Iterator[str]:
    """Address of a page of another site, strict about what may run on it, that holds our script."""

    class Shop(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            scripts = "".join(
                f'<script async src="{signed.site.url}/f/web-form/{name}.js"></script>' for name in ("visits", "form")
            )
            body = f"<!doctype html><title>Shop</title><main><h1>Shop</h1>{scripts}</main>"
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
    house.open_to(origin)
    layout = Layout(questions=ASKED, at_once=1)
    save_layout(portal_id=portal("web-form").id, layout=layout, actor=SETUP, now=house.now)
    yield f"{origin}/pumps?utm_source=shop&utm_campaign=spring"
    server.shutdown()
    server.server_close()


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


def seen() -> list[tuple[str, int | None]]:
    """Pages that were read, and by whom."""
    with connection.cursor() as cursor:
        cursor.execute("select page, person_id from capture_visit order by id")
        return cursor.fetchall()


def test_pages_are_told_once_it_is_allowed_and_are_theirs_once_they_ask(signed: Signed, shop: str) -> None:
    context = signed.browser.new_context(user_agent="Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Firefox/146.0")
    context.add_init_script("Object.defineProperty(navigator, 'webdriver', {get: () => false})")  # no machine
    page = context.new_page()
    page.goto(shop)
    expect(page.get_by_label("E-mail")).to_be_visible()
    page.goto(shop.replace("/pumps", "/prices"))
    expect(page.get_by_label("E-mail")).to_be_visible()
    assert seen() == []

    page.evaluate("leadloop.allow()")
    until("the page was told", lambda: len(seen()) == 1, PATIENCE)
    page.goto(shop)
    until("so was the next", lambda: len(seen()) == 2, PATIENCE)
    assert [(name.rpartition("/")[2], person) for name, person in seen()] == [("prices", None), ("pumps", None)]

    fill(page, "dana@acme-pumps.example")
    until("the form was read", lambda: page.evaluate("performance.now()") > 1000 * (QUICKEST_HUMAN + 0.5), PATIENCE)
    page.get_by_role("button", name="Send").click()
    until("they are Dana's", lambda: all(person for _, person in seen()), PATIENCE)

    page.evaluate("leadloop.forget()")
    page.goto(shop.replace("/pumps", "/jobs"))
    expect(page.get_by_label("E-mail")).to_be_visible()
    assert len(seen()) == 2
    context.close()
