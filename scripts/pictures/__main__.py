"""`python -m scripts.pictures [NAME …]`: the pictures of the documents, or those named, into docs/images.

The demo company is told up to one moment, at which the clock of its pages stands still; so what a picture shows
changes only with the pages and the story.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadloop.settings")
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps a loop in this thread; our queries stay outside it
import django

import tests.support.plugin  # noqa: F401 - settings read the environment that it sets

django.setup()

from playwright.sync_api import Browser, expect, sync_playwright  # noqa: E402 - Django first

from scripts.pictures.company import company, rows, user_id  # noqa: E402 - needs Django's apps
from scripts.pictures.palette import small  # noqa: E402 - as above
from scripts.pictures.scenes import SCENES, Scene  # noqa: E402 - as above
from tests.browser.conftest import FLAGS, chromium  # noqa: E402 - as above
from tests.browser.site import Site, serve  # noqa: E402 - as above

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "images"
SIZE = {"width": 1280, "height": 800}
MOST_BYTES = 200_000
WEB = "scripts.pictures.web:application"
PUBLIC = "https://leads.alder-finch.example"  # stands in snippets for other sites


def main(names: Sequence[str]) -> int:
    """Take them; 1 when a picture came out too heavy, 2 for a name that there is not."""
    known = {scene.name: scene for scene in SCENES}
    if unknown := [name for name in names if name not in known]:
        sys.stderr.write(f"There is no picture {unknown[0]}; there are {', '.join(known)}\n")
        return 2
    with (
        company() as url,
        serve(url, roles=("web",), application=WEB, LEADLOOP_PUBLIC_URL=PUBLIC) as site,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        heavy = [_keep(scene, _taken(browser, site, scene)) for scene in [known[name] for name in names] or SCENES]
        browser.close()
    return 1 if any(heavy) else 0


def _keep(scene: Scene, png: bytes) -> bool:
    """Write a picture into the folder of the documents; whether it is too heavy for them."""
    taken = small(png)
    (FOLDER / f"{scene.name}.png").write_bytes(taken)
    heavy = len(taken) > MOST_BYTES
    sys.stdout.write(f"{scene.name}: {len(taken) // 1000} kB{', too heavy' if heavy else ''}\n")
    return heavy


def _taken(browser: Browser, site: Site, scene: Scene) -> bytes:
    """What somebody sees who opens the page and acts there."""
    about = rows(scene.about)[0] if scene.about else ()
    who = scene.who.format(*about)
    cookies: list[Any] = [{"name": "theme", "value": "light", "url": site.url}]
    if who:
        cookies.append({"name": "sessionid", "value": site.cookie(user_id(who)), "url": site.url})
    context = browser.new_context(viewport=SIZE, color_scheme="light", reduced_motion="reduce", locale="en-GB")  # type: ignore[arg-type]
    context.add_cookies(cookies)
    page = context.new_page()
    answer = page.goto(f"{site.url}{scene.path.format(*about)}")
    if answer is None or not answer.ok:
        raise RuntimeError(f"{scene.name}: {page.url} answered {answer and answer.status}")
    scene.act(page)
    page.evaluate("document.fonts.ready")
    picture = page.screenshot(caret="hide", animations="disabled")
    context.close()
    return picture


if __name__ == "__main__":
    expect.set_options(timeout=30_000)
    sys.exit(main(sys.argv[1:]))
