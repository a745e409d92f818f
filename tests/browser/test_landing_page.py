"""A landing page from an empty list to an inquiry by it, in a real browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.db import connection
from PIL import Image
from playwright.sync_api import Page, expect

from leadloop.capture.rules import QUICKEST_HUMAN
from leadloop.kernel import clock
from leadloop.people.links import personal_key
from tests.browser.conftest import Signed
from tests.browser.test_embedded_form import PATIENCE
from tests.crash.waiting import until
from tests.stories.house import House

pytestmark = pytest.mark.browser
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0"


def add(page: Page, kind: str) -> None:
    page.get_by_label("One more").select_option(label=kind)
    page.get_by_role("button", name="Block", exact=True).click()
    page.wait_for_load_state("load")


def scalar(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0] or 0)


def build(page: Page, picture: Path) -> None:
    """From the list to a public page: text, picture and form, of which the picture is moved up by the keyboard."""
    page.get_by_role("link", name="Make a page").click()
    page.get_by_label("Title").fill("Quiet pumps")
    page.get_by_label("Form").select_option(label="Web form")
    page.get_by_role("button", name="Build it").click()
    page.get_by_label("Text", exact=True).fill("Half as **loud**.")
    add(page, "Picture")
    page.get_by_label("Picture", exact=True).set_input_files(picture)
    page.get_by_label("What it shows").fill("A blue pump")
    for place in (3, 2):  # the button that was pressed keeps the focus where its block went
        button = page.get_by_role("button", name=f"Move block {place} up")
        button.focus() if place == 3 else expect(button).to_be_focused()
        page.keyboard.press("Enter")
        page.wait_for_load_state("load")
    expect(page.get_by_role("img", name="A blue pump")).to_be_visible()
    page.get_by_label("Ask readers whether").check()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("link", name="See it")).to_be_visible()


def test_a_page_is_built_published_read_and_answered(signed: Signed, house: House, tmp_path: Path) -> None:
    picture = tmp_path / "pump.png"
    Image.new("RGB", (640, 200), "blue").save(picture)
    marketer = signed.page("tomas")
    marketer.goto(f"{signed.site.url}/portals")
    marketer.get_by_role("link", name="Landing pages").click()
    build(marketer, picture)

    visitor = signed.browser.new_context(user_agent=FIREFOX)
    visitor.add_init_script("Object.defineProperty(navigator, 'webdriver', {get: () => false})")  # no machine
    page = visitor.new_page()
    page.goto(f"{signed.site.url}/p/quiet-pumps?utm_source=news&utm_campaign=may")
    expect(page.get_by_role("heading", name="Quiet pumps")).to_be_visible()
    picture_width = page.get_by_role("img", name="A blue pump").evaluate("one => one.naturalWidth")
    assert picture_width == 640
    until("the view was counted", lambda: scalar("select sum(views) from capture_pageday") == 1, PATIENCE)
    assert scalar("select count(*) from capture_visit") == 0  # nobody was asked yet
    page.get_by_role("button", name="Yes, remember it").click()
    expect(page.get_by_role("button", name="Stop and forget")).to_be_visible()
    until("the visit was told", lambda: scalar("select count(*) from capture_visit") == 1, PATIENCE)
    page.get_by_label("E-mail").fill("dana@acme-pumps.example")
    page.get_by_label("Your name").fill("Dana Ruiz")
    until("the form was read", lambda: page.evaluate("performance.now()") > 1000 * (QUICKEST_HUMAN + 0.5), PATIENCE)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    until("it is an inquiry", lambda: scalar("select count(*) from capture_inquiry") == 1, PATIENCE)
    until("the visit is Dana's", lambda: scalar("select person_id from capture_visit") > 0, PATIENCE)
    assert visitor.cookies() == []

    marketer.goto(f"{signed.site.url}/pages")
    expect(marketer.get_by_role("row", name="Quiet pumps")).to_contain_text(re.compile(r"Web form\s*1\s*1\s*100.0%"))
    marketer.get_by_role("row", name="Quiet pumps").locator("a.fig").click()
    expect(marketer.get_by_role("link", name="Dana Ruiz")).to_be_visible()

    dana = scalar("select person_id from capture_inquiry")
    page.goto(f"{signed.site.url}/p/quiet-pumps/for/{personal_key(dana, now=clock.now())}")
    expect(page).to_have_url(re.compile("/for/"))
    expect(page.get_by_label("E-mail")).to_have_value("")
    assert "Dana" not in page.content()
    page.get_by_role("button", name="Stop and forget").click()
    expect(page.get_by_role("button", name="Stop and forget")).to_be_hidden()
    expect(page.get_by_role("button", name="Yes, remember it")).to_be_hidden()
    assert page.evaluate("localStorage.getItem('leadloop-visitor')") is None
    marketer.goto(f"{signed.site.url}/pages/{scalar('select id from capture_landingpage')}")
    marketer.get_by_role("button", name="Take it down").click()
    expect(marketer.get_by_text("Taken down. Publishing brings it back.")).to_be_visible()
    gone = page.goto(f"{signed.site.url}/p/quiet-pumps?utm_source=news")
    assert gone is not None
    assert gone.status == 404
    visitor.close()
    assert signed.errors == []
