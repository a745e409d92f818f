"""Two records side by side, decided by keys alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from leadloop.identity.contracts import Suggested, Verdict
from leadloop.identity.queries import suggestions_of
from leadloop.identity.services import suggest
from leadloop.identity.tests.world import somebody, who
from leadloop.kernel.decision import Reason
from tests.browser.conftest import Signed
from tests.browser.site import Site
from tests.stories.house import House

pytestmark = pytest.mark.browser


def test_a_pair_is_decided_by_keys_and_taken_back(house: House, site: Site, signed: Signed) -> None:
    one, other = who(somebody("anna@acme.com", given="Anna"), somebody("ana@acme.com", given="Ana"))
    suggest([Suggested(one, other, 5.0, (Reason("name", "Similar given names", 5.0),))], now=house.now)
    page = signed.page("grace")
    page.goto(f"{site.url}/duplicates")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Anna and Ana")
    page.keyboard.press("2")
    expect(page.locator("input[name=survivor]:checked")).to_have_value(str(other))
    page.keyboard.press("r")
    expect(page.get_by_text("Kept as two who belong together")).to_be_visible()
    assert [row.state for row in suggestions_of([one], states=tuple(Verdict))] == [Verdict.RELATED]
    page.keyboard.press("z")
    expect(page.get_by_text("Taken back")).to_be_visible()
    assert [row.state for row in suggestions_of([one])] == [Verdict.OPEN]
    assert signed.errors == []
