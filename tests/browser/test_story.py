"""From the form to the money, through the pages and without a reload."""

from __future__ import annotations

from time import monotonic

import pytest
from playwright.sync_api import expect

from leadloop.capture.rules import QUICKEST_HUMAN
from tests.browser.conftest import Signed
from tests.crash.waiting import until

pytestmark = pytest.mark.browser


PATIENCE = 30.0
READ_FIRST = QUICKEST_HUMAN + 0.5  # seconds; whoever sends a form faster is held as a bot


def test_an_inquiry_is_worked_to_the_win(signed: Signed) -> None:
    page = signed.page("kim")
    page.goto(f"{signed.site.url}/worklist")
    expect(page.get_by_role("region", name="Lead").get_by_text("Nothing waits for you here")).to_be_visible()

    _write_through_the_form(signed)
    pill = page.get_by_role("button", name="1 new")
    expect(pill).to_be_visible(timeout=10_000)
    pill.click()
    expect(page.locator(".row-link")).to_contain_text("Dana Ruiz")

    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("status")).to_contain_text("Accepted")
    page.locator("#record").get_by_role("button", name="Call", exact=False).first.click()
    page.get_by_label("Talked").check()
    page.get_by_label("What did you learn?").fill("Needs two pumps")
    page.get_by_role("button", name="Log call").click()
    expect(page.get_by_role("status")).to_contain_text("Call logged")

    page.get_by_role("button", name="Opportunity").click()
    page.get_by_label("Amount").fill("40,000")
    page.get_by_label("Expected to close on").fill("2026-12-24")
    page.get_by_role("textbox", name="Next step", exact=True).fill("Send the offer")
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Opportunity opened")

    page.goto(f"{signed.site.url}/pipeline")
    page.get_by_role("link", name="Acme Pumps").click()
    expect(page.locator(".timeline")).to_contain_text("Opportunity opened")
    page.get_by_role("button", name="Won").click()
    page.locator("dialog").get_by_role("button", name="Won").click()
    expect(page.get_by_text("€40,000").first).to_be_visible()

    boss = signed.page("ines")
    boss.goto(f"{signed.site.url}/programmes?p=90")
    expect(boss.get_by_role("row", name="Search ads")).to_contain_text("€40,000")
    boss.goto(f"{signed.site.url}/loop?p=90")
    funnel = boss.locator(".funnel-steps")
    for step in ("Leads opened", "Opportunity", "Won"):
        expect(funnel.locator("li", has_text=step).locator("b")).to_have_text("1")
    expect(boss.get_by_role("row", name="Kim")).to_contain_text("100 %")
    assert signed.errors == []


def _write_through_the_form(signed: Signed) -> None:
    """As somebody outside would: the public form, read and filled in."""
    form = signed.page()
    form.goto(f"{signed.site.url}/f/web-form")
    opened = monotonic()
    for label, value in (
        ("Your name", "Dana Ruiz"),
        ("E-mail", "dana.ruiz@acme-pumps.example"),
        ("Company", "Acme Pumps"),
        ("Phone", "+49 30 5550123"),
        ("Message", "Please show us your pumps."),
    ):
        form.get_by_label(label).fill(value)
    until("the form was read", lambda: monotonic() > opened + READ_FIRST, PATIENCE)
    form.get_by_role("button", name="Send").click()
    expect(form).to_have_url(f"{signed.site.url}/f/web-form/thanks")
