"""The forecast pages with figures on them, light and dark, wide and narrow; and a salesperson who submits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect

from leadloop.kernel import clock
from leadloop.ledger.contracts import by_user
from leadloop.platform.queries import company as house
from leadloop.selling.services import install_pipeline
from leadloop.tracking.forecast import rules
from leadloop.tracking.forecast.services import PlanIn, SubmissionIn, adjust, plan, submit
from leadloop.tracking.forecast.taking import take
from leadloop.tracking.tests.test_forecast_kept import bring
from tests.browser.conftest import Signed
from tests.browser.site import Site, serve
from tests.browser.test_shots import SIZES, THEMES, faults
from tests.support.cast import Cast

pytestmark = pytest.mark.browser

PAGES = {
    "helen": ("/forecast", "/forecast/open"),
    "grace": ("/forecast", "/forecast/plan", "/forecast/adjust", "/forecast/won"),
    "ruth": ("/forecast",),
    "kim": ("/forecast/mine", "/forecast/open"),
}


@pytest.fixture
def company(fresh_db: str, cast: Cast) -> Iterator[tuple[Site, Cast]]:
    now = clock.now() - timedelta(minutes=1)
    month = rules.month_of(now.astimezone(ZoneInfo(house().zone)).date())
    install_pipeline()
    bring(cast, now=now)
    kim, ruth, grace = (cast.user[name] for name in ("kim", "ruth", "grace"))
    months = rules.months_from(rules.month_after(month, -6), 12)
    plan([PlanIn(one, 3_000_000) for one in months], actor=by_user(grace), now=now)
    submit([SubmissionIn(kim, month, 2_000_000, 2_500_000)], actor=by_user(kim), now=now)
    adjust(
        manager_id=ruth, month=month, delta=-30_000, note="A tender slipped", user_id=kim, actor=by_user(ruth), now=now
    )
    take(now, runs=400)
    with serve(fresh_db, roles=("web",)) as site:
        yield site, cast


def test_the_forecast_looks_right_everywhere(
    company: tuple[Site, Cast], browser: Browser, pytestconfig: pytest.Config
) -> None:
    site, cast = company
    signed = Signed(browser, site, cast)
    folder, problems = pytestconfig.getoption("--shots"), []
    for theme in THEMES:
        for width, height in SIZES:
            for who, paths in PAGES.items():
                page = signed.page(who, theme=theme, width=width, height=height)
                for path in paths:
                    answer = page.goto(f"{site.url}{path}", wait_until="load")
                    assert answer is not None
                    assert answer.status == 200, path
                    problems += [f"{who} {path} {width} {theme}: {fault}" for fault in faults(page)]
                    if folder:
                        name = f"{who}{path.replace('/', '-')}-{width}-{theme}.png"
                        page.screenshot(path=f"{folder}/{name}", full_page=True)
                page.context.close()
    assert problems + signed.errors == []


def test_a_salesperson_submits_and_commits_a_deal(company: tuple[Site, Cast], browser: Browser) -> None:
    site, cast = company
    page = Signed(browser, site, cast).page("kim", theme="light", width=1280, height=900)
    page.goto(f"{site.url}/forecast/mine", wait_until="load")
    page.get_by_label("Commit: what you answer for").fill("21,000")
    page.get_by_label("Best case: if all goes well").fill("26,000")
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("table", name="My months")).to_contain_text("€21k")
    first = page.locator(".forecast-deals li").first
    first.get_by_role("combobox").select_option("commit")
    first.get_by_role("button").click()
    expect(page.locator(".forecast-deals select").first).to_have_value("commit")
