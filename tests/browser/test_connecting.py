"""A portal is connected with a general webhook: its secret made, a delivery pasted, what it says mapped and shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from leadloop.capture.contracts import PortalKind
from leadloop.capture.queries import portal
from leadloop.capture.services import PortalIn, save_portal
from tests.browser.conftest import Signed
from tests.browser.test_shots import faults
from tests.stories.house import SETUP, House

pytestmark = pytest.mark.browser
DELIVERY = '{"data": {"mail": "ana@ruiz.example", "seats": 40}, "items": [{"sku": "P-1"}]}'


def test_a_webhook_is_connected_and_its_mapping_shown_while_it_is_chosen(
    house: House, signed: Signed, pytestconfig: pytest.Config
) -> None:
    wanted = PortalIn(
        key="partner", name="Partner", kind=PortalKind.WEBHOOK, owner_id=house.cast.user["tomas"],
        interest_id=house.cast.interest["general"],
    )  # fmt: skip
    portal_id = save_portal(portal=wanted, actor=SETUP, now=house.now)
    page = signed.page("tomas", theme="dark")
    page.goto(f"{signed.site.url}/portals/{portal_id}")
    expect(page.get_by_text("Not connected yet")).to_be_visible()
    page.get_by_role("button", name="Make a secret").click()
    page.get_by_role("dialog").get_by_role("button", name="Make a new secret").click()
    expect(page.get_by_text("Secret, shown this once")).to_be_visible()
    expect(page.get_by_text("Not connected yet")).to_have_count(0)
    assert faults(page) == []
    if folder := pytestconfig.getoption("--shots"):
        page.screenshot(path=Path(folder) / "connected.png", full_page=True)

    page.get_by_role("link", name="See how a delivery is read").click()
    page.get_by_label("Paste what the other side sends").fill(DELIVERY)
    read = page.get_by_role("region", name="How it is read")
    expect(read).to_contain_text("ana@ruiz.example")
    page.get_by_label("What “$.data.seats” is taken for").select_option(label="Need")
    expect(read).to_contain_text("Need")
    page.get_by_label("Another path").fill("$.items[*].sku")
    page.get_by_label("What it is taken for").select_option(label="Message")
    expect(read).to_contain_text("P-1")
    expect(page.get_by_label("Another path")).to_have_value("")
    assert faults(page) == []
    if folder:
        page.screenshot(path=Path(folder) / "mapping.png", full_page=True)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("It holds for what is read from now on")).to_be_visible()
    assert signed.errors == []
    assert portal("partner").mapping == (("$.data.seats", "need"), ("$.items[*].sku", "message"))
