"""A real Chromium on a real site."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.site import Site, serve
from tests.stories.house import House, open_house
from tests.support.cast import Cast

expect.set_options(timeout=30_000)  # a busy machine is no failure

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str:
    """Where the distribution keeps its Chromium."""
    found = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
    )
    if not found:
        pytest.fail("Chromium is missing: run scripts/system-packages.sh")
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps a loop in this thread; our queries stay outside it
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def house(fresh_db: str, cast: Cast) -> House:
    return open_house(cast)


@pytest.fixture
def site(house: House, fresh_db: str) -> Iterator[Site]:
    with serve(fresh_db) as running:
        yield running


class Signed:
    """Opens pages as somebody of the cast; every console error and failed request is kept."""

    def __init__(self, browser: Browser, site: Site, cast: Cast) -> None:
        self.browser, self.site, self.cast = browser, site, cast
        self.contexts: list[BrowserContext] = []
        self.errors: list[str] = []

    def page(self, name: str = "", *, theme: str = "light", width: int = 1280, height: int = 900) -> Page:
        context = self.browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme)  # type: ignore[arg-type]
        cookies: list[Any] = [{"name": "theme", "value": theme, "url": self.site.url}]
        if name:
            key = self.site.cookie(self.cast.user[name])
            cookies.append({"name": "sessionid", "value": key, "url": self.site.url})
        context.add_cookies(cookies)
        page = context.new_page()
        page.on("console", lambda m: self.errors.append(f"{page.url}: {m.text}") if m.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error}"))
        self.contexts.append(context)
        return page


@pytest.fixture
def signed(browser: Browser, site: Site, cast: Cast) -> Iterator[Signed]:
    opened = Signed(browser, site, cast)
    yield opened
    for context in opened.contexts:
        context.close()
