"""A form that sets a riddle and asks by mail: people notice little of it, in our page, in a frame and by the script."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from leadloop.capture.rules import QUICKEST_HUMAN
from tests.browser.conftest import Signed
from tests.browser.test_embedded_form import fill, shop
from tests.browser.test_shots import faults
from tests.crash.waiting import until
from tests.stories.house import House

__all__ = ["shop"]  # a fixture
pytestmark = pytest.mark.browser

PATIENCE = 30.0
WORDS = "Yes, send me news about pumps."


def settled() -> list[tuple[str, str]]:
    """State and reason of each delivery."""
    with connection.cursor() as cursor:
        cursor.execute("select state, reason_code from capture_submission order by id")
        return cursor.fetchall()


def mail() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select text from outreach_message where template_key = 'confirm_consent'")
        rows = cursor.fetchall()
        return rows[0][0] if rows else ""


def read_for_a_while(page: Page) -> None:
    until("the form was read", lambda: page.evaluate("performance.now()") > 1000 * (QUICKEST_HUMAN + 0.5), PATIENCE)


def test_our_own_form_solves_its_riddle_and_a_button_confirms(signed: Signed, house: House) -> None:
    house.set_portal("web-form", proof_of_work=True, double_opt_in=True, consent_wording=WORDS)
    page = signed.page(width=360)
    page.goto(f"{signed.site.url}/f/web-form")
    assert faults(page) == []
    page.get_by_label("E-mail").fill("dana@acme-pumps.example")
    page.get_by_label(WORDS).check()
    read_for_a_while(page)
    page.get_by_label("Message").press("Tab")
    page.get_by_role("button", name="Send").press("Enter")
    expect(page).to_have_url(re.compile("/thanks"))
    until("it is a lead", lambda: settled() == [("new", "")], PATIENCE)
    assert [one for one in page.context.cookies() if one["name"] != "theme"] == []

    until("they are asked", lambda: bool(mail()), PATIENCE)
    found = re.search(r"/confirm/[^\s)]+", mail())
    assert found
    page.goto(f"{signed.site.url}{found[0]}")
    assert faults(page) == []
    expect(page.get_by_text(WORDS)).to_be_visible()
    page.get_by_role("button", name="Yes, I agree").press("Enter")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert signed.errors == []


def test_without_scripts_it_says_what_happens_and_nothing_is_lost(signed: Signed, house: House) -> None:
    house.set_portal("web-form", proof_of_work=True)
    context = signed.browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{signed.site.url}/f/web-form")
    assert "somebody looks at it by hand" in page.content()
    page.get_by_label("E-mail").fill("dana@acme-pumps.example")
    page.wait_for_timeout(1000 * (QUICKEST_HUMAN + 0.5))
    page.get_by_role("button", name="Send").click()
    expect(page).to_have_url(re.compile("/thanks"))
    until("it waits for somebody", lambda: settled() == [("quarantined", "not_proved")], PATIENCE)
    context.close()


def test_on_another_site_the_script_fetches_what_solves_it(signed: Signed, house: House, shop: str) -> None:
    parts = urlsplit(shop)
    house.set_portal("web-form", proof_of_work=True, origins=(f"{parts.scheme}://{parts.netloc}",))
    page = signed.page()
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(urlsplit(request.url).path))
    page.goto(shop)
    fill(page, "dana@acme-pumps.example")
    read_for_a_while(page)
    assert "/f/web-form/proof.js" not in fetched
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status")).to_have_text("Thank you, your message has arrived.")
    assert "/f/web-form/proof.js" in fetched
    until("it is a lead", lambda: settled() == [("new", "")], PATIENCE)
    assert [one for one in page.context.cookies() if one["name"] != "theme"] == []
    assert signed.errors == []
