"""Two records become one and two again, by keyboard, in each theme and width."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from leadloop.ledger.contracts import by_user
from leadloop.people.queries import people, with_address
from leadloop.people.services import change_fields
from tests.browser.conftest import Signed
from tests.browser.site import Site, serve
from tests.browser.test_shots import SIZES, THEMES, faults
from tests.stories.house import House

pytestmark = pytest.mark.browser


@pytest.fixture
def site(house: House, fresh_db: str) -> Iterator[Site]:
    """Pages alone: what comes in is taken by the story itself."""
    with serve(fresh_db, roles=("web",)) as running:
        yield running


@pytest.mark.parametrize("theme", THEMES)
def test_merged_and_parted_by_keyboard(
    house: House, site: Site, signed: Signed, theme: str, pytestconfig: pytest.Config
) -> None:
    house.inquire(name="Anna Berg", email="anna@acme.example", company="Acme", city="Kiel", title="Buyer")
    house.inquire(name="A. Berg", email="berg@home.example", phone="+49 30 5550123", city="Bonn", country="DE")
    house.run()
    (anna,), (shadow,) = with_address("anna@acme.example", "DE"), with_address("berg@home.example", "DE")
    folder = pytestconfig.getoption("--shots")

    def look(path: str) -> None:
        for width, height in SIZES:
            page = signed.page("ines", theme=theme, width=width, height=height)
            page.goto(f"{site.url}{path}")
            assert faults(page) == [], f"{path} {width} {theme}"
            if folder:
                name = path.partition("?")[0].strip("/").replace("/", "-")
                page.screenshot(path=Path(folder) / f"{name}-{width}-{theme}.png", full_page=True)
            page.context.close()

    look(f"/persons/{anna}?q=berg")
    look(f"/persons/{anna}/merge?with={shadow}")
    page = signed.page("ines", theme=theme)
    page.goto(f"{site.url}/persons/{anna}/merge?with={shadow}")
    page.get_by_role("radio", name="City: Bonn").focus()
    page.keyboard.press("Space")
    _press(page, "Merge")
    expect(page.get_by_role("link", name="Unmerge")).to_be_visible()
    assert people([shadow])[shadow].city == "Bonn"

    by = by_user(house.cast.user["kim"])
    change_fields(person_id=anna, changes={"city": "Ulm"}, actor=by, now=house.now)
    page.get_by_role("link", name="Unmerge").press("Enter")
    look(page.url.removeprefix(site.url))
    page.get_by_role("radio", name=f"(record {shadow})").press("Space")
    _press(page, "Unmerge")
    expect(page.get_by_text("Taken back on")).to_be_visible()
    assert [people([one])[one].city for one in (anna, shadow)] == ["Kiel", "Ulm"]
    assert signed.errors == []


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).press("Enter")
