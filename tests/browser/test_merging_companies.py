"""Two companies that look alike become one and two again, by keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from leadloop.ledger.sql import fetch
from leadloop.people.queries import companies
from tests.browser.conftest import Signed
from tests.browser.site import Site, serve
from tests.browser.test_shots import SIZES, faults
from tests.stories.house import House

pytestmark = pytest.mark.browser


@pytest.fixture
def site(house: House, fresh_db: str) -> Iterator[Site]:
    """Pages alone: what comes in is taken by the story itself."""
    with serve(fresh_db, roles=("web",)) as running:
        yield running


def test_found_merged_and_parted_by_keyboard(house: House, site: Site, signed: Signed) -> None:
    house.inquire(name="Anna Berg", email="anna@acme-pumps.example", company="Acme Pumps GmbH", city="Kiel")
    house.inquire(name="Bo Lind", email="bo@acme.example", company="Acme Pumps", industry="Machinery")
    house.run()
    by_domain = dict(fetch("select domain, id from people_company", []))
    acme, twin = by_domain["acme-pumps.example"], by_domain["acme.example"]
    page = signed.page("ines")
    page.goto(f"{site.url}/companies/{acme}")
    page.get_by_role("link", name="Same company?").press("Enter")
    page.get_by_role("link", name="Merge Acme Pumps").press("Enter")
    _press(page, "Merge")
    expect(page.get_by_role("link", name="Unmerge")).to_be_visible()
    assert companies([twin])[twin].industry == "Machinery"
    for width, height in SIZES:
        narrow = signed.page("ines", theme="dark", width=width, height=height)
        narrow.goto(f"{site.url}/companies/{acme}")
        assert faults(narrow) == [], width
        narrow.context.close()
    page.get_by_role("link", name="Unmerge").press("Enter")
    _press(page, "Unmerge")
    expect(page.get_by_text("They are two companies again")).to_be_visible()
    rows = companies([acme, twin])
    assert (rows[acme].industry, rows[twin].industry) == ("", "Machinery")
    assert signed.errors == []


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).press("Enter")
