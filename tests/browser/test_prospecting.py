"""People of one's own, from a paste to the lead, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from leadloop.leads.contracts import Stage
from leadloop.leads.queries import worklist
from leadloop.people.queries import people
from tests.browser.conftest import Signed
from tests.browser.site import Site
from tests.browser.test_shots import faults
from tests.stories.house import House
from tests.stories.test_prospecting import find, open_prospecting

pytestmark = pytest.mark.browser
PASTE = """Dana Ruiz
Head of Operations
Acme Pumps GmbH
dana@acme-pumps.example

https://www.linkedin.com/in/bo-lind-4b5a21a9

Ana Sol <ana@sol.example>"""


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 360)])
def test_a_paste_becomes_leads_of_ones_own(house: House, site: Site, signed: Signed, theme: str, width: int) -> None:
    open_prospecting(house)
    find(house, {"full_name": "Ana Sol", "email": "ana@sol.example"}, by="ola")
    page = signed.page("kim", theme=theme, width=width)
    page.goto(f"{site.url}/leads")
    page.get_by_role("link", name="Add people").click()
    page.get_by_label("Profiles, signatures").fill(PASTE)
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_text("Ola Novak has their lead: General")).to_be_visible()
    expect(page.get_by_label("Job title").first).to_have_value("Head of Operations")
    assert faults(page) == []
    page.get_by_label("Role in the purchase").first.select_option("decision_maker")
    page.get_by_label("Bo Lind is their name").check()
    page.locator("#id_next_step_note").fill("Call")
    page.get_by_label("Next step on").fill("2030-03-04T10:00")
    page.get_by_role("button", name="Add those ticked").click()
    expect(page.get_by_text("2 new leads.")).to_be_visible()
    expect(page.get_by_text("Ana Sol was left out: Ola Novak has the lead.")).to_be_visible()
    mine = worklist(house.viewer("kim"), now=house.now).rows
    assert {people([one.person_id])[one.person_id].name for one in mine} == {"Dana Ruiz", "Bo Lind"}
    assert {one.stage for one in mine} == {Stage.WORKING}
    assert signed.errors == []
