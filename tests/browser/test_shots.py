"""Every page a role can reach, light and dark, wide and narrow: nothing overflows, nothing fails, axe finds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.db import connection
from PIL import Image
from playwright.sync_api import Browser, Page

from leadloop.capture import pages
from leadloop.capture.contracts import PortalKind
from leadloop.capture.lists.forms import entries
from leadloop.capture.lists.keeping import add_entries
from leadloop.capture.pages import Block, Copy, Kind, PageIn
from leadloop.capture.queries import portal
from leadloop.capture.services import PortalIn, receive, save_portal, say_counts, set_secrets
from leadloop.catalogue.queries import families
from leadloop.front.build import MODULES
from leadloop.kernel import clock
from leadloop.kernel.ids import slug
from leadloop.ledger.contracts import by_system
from leadloop.loop import pump, unhurried
from tests.browser.conftest import Signed
from tests.browser.mail import with_mail
from tests.browser.site import Site, serve
from tests.support.cast import Cast

pytestmark = pytest.mark.browser

AXE = MODULES / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Cards and panels that reach out of what holds them, over their neighbours.
SPILLING = """() => [...document.querySelectorAll(".panel, .deal-card, .stage-card, .button")].flatMap(one => {
  const box = one.getBoundingClientRect(), holder = one.parentElement.getBoundingClientRect();
  const hidden = box.width === 0 || getComputedStyle(one.parentElement).overflowX !== "visible";
  return hidden || box.right <= holder.right + 1 ? [] : [`spills out to the right: ${one.outerHTML.slice(0, 90)}`];
})"""
SIZES = ((1280, 900), (360, 780))
THEMES = ("light", "dark")

# One person per set of rights; every page of the rail they have, and the pages below them.
BELOW = [
    (
        "/worklist",
        "select id from leads_lead where closed_at is null order by expected_value desc limit 1",
        "/calls/{}",
    ),
    ("/calls", "select 1", "/calls/guide"),
    ("/calls", "select 1", "/calls/in"),
    *(("/system", "select 1", f"/setup{step}") for step in ("", "/you", "/company", "/hours", "/team")),
    ("/system", "select 1", "/system/persons"),
    ("/system", "select person_id from leads_lead order by expected_value desc limit 1", "/system/persons/{}"),
    *(("/portals", "select 1", f"/setup/{step}") for step in ("agreement", "portal")),
    ("/leads", "select id from leads_lead order by expected_value desc limit 1", "/leads/{}"),
    ("/leads", "select person_id from leads_lead order by expected_value desc limit 1", "/persons/{}"),
    ("/leads", "select person_id from leads_lead order by expected_value desc limit 1", "/persons/{}/merge?with=1"),
    ("/companies", "select company_id from selling_opportunity where company_id is not null limit 1", "/companies/{}"),
    *(
        ("/companies", "select company_id from selling_opportunity where company_id is not null limit 1", path)
        for path in ("/companies/{}/edit", "/companies/{}/people", "/companies/{}/alike?q=a")
    ),
    (
        "/companies",
        "select company_id from selling_opportunity where company_id > 1 limit 1",
        "/companies/{}/merge?with=1",
    ),
    ("/duplicates", "select id from identity_suggestion order by id limit 1", "/duplicates/{}"),
    ("/duplicates", "select 1", "/duplicates/accept?weight=1"),
    ("/pipeline", "select id from selling_opportunity order by id limit 1", "/deals/{}"),
    ("/companies", "select 1 from platform_user limit 1", "/enrichment"),
    ("/pipeline", "select 1", "/deals"),
    ("/portals", "select id from capture_portal order by id limit 1", "/portals/{}"),
    ("/portals", "select id from capture_portal where kind = 'browser' order by id limit 1", "/portals/{}/form"),
    ("/portals", "select id from capture_portal where kind = 'meta' limit 1", "/portals/{}"),
    ("/portals", "select id from capture_portal where kind = 'webhook' limit 1", "/portals/{}"),
    ("/portals", "select id from capture_portal where kind = 'webhook' limit 1", "/portals/{}/mapping"),
    ("/portals", "select id from capture_portal where kind = 'mail' limit 1", "/portals/{}"),
    ("/portals", "select 1", "/pages"),
    ("/portals", "select 1", "/pages/new"),
    *(
        ("/portals", "select min(id) from capture_landingpage", f"/pages/{{}}{part}")
        for part in ("", "/preview", "/views", "/inquiries")
    ),
    ("/leads", "select 1", "/prospects"),
    ("/leads", "select 1", "/prospects/new"),
    ("/loop", "select 1", "/given-back"),
    ("/programmes", "select 1", "/programmes/link"),
    ("/segments", "select 1", "/segments/new"),
    ("/mailings", "select 1", "/mailings/new"),
    ("/imports", "select 1", "/batches"),
    ("/imports", "select 1", "/imports/take-over"),
    ("/imports", "select id from capture_importrun order by id desc limit 1", "/imports/{}"),
    ("/quarantine", "select id from capture_submission where state = 'quarantined' limit 1", "/quarantine/{}"),
    *(
        ("/quarantine", f"select id from capture_submission where reason_code = '{code}' limit 1", "/quarantine/{}")
        for code in ("bounce", "own_mail")
    ),
    ("/quarantine", "select 1", "/quarantine?tab=none"),
    ("/quarantine", "select 1", "/lists"),
    ("/quarantine", "select id from capture_listentry order by id limit 1", "/lists/{}"),
    ("/portals", "select id from capture_portal where double_opt_in order by id limit 1", "/portals/{}/consents"),
]


ROLES = (
    "head_of_lead_management", "admin", "salesperson", "inside_sales", "marketer", "sales_manager", "head_of_sales",
    "head_of_marketing", "president", "cfo",
)  # fmt: skip


# A page is examined once in each theme and width, for the first role that reaches it (/home, which differs, for each
# role); with --shots every role's page is opened as well and its picture kept.
@pytest.fixture
def demo_site(demo_db: str) -> Iterator[Site]:
    pump.prepare()
    while unhurried.turn():  # who looks like whom
        pass
    platforms_set_up()
    landing_page()
    guarded()
    with_mail()
    with serve(demo_db, roles=("web",)) as running:
        yield running


def platforms_set_up() -> None:
    """Portals of two platforms: one connected, of whose inquiries some are missing, and one that is new."""
    now, actor = clock.now(), by_system("shots")
    given = {"owner_id": user_with("marketer") or 1, "interest_id": min(families())}
    for kind, name in ((PortalKind.META, "Spring ads"), (PortalKind.WEBHOOK, "Partner portal")):
        wanted = PortalIn(key=slug(name), name=name, kind=kind, mapping={"$.data.mail": "email"}, **given)
        portal_id = save_portal(portal=wanted, actor=actor, now=now)
        if kind is PortalKind.META:
            set_secrets(portal_id=portal_id, secrets={"secret": "0123456789abcdef"}, actor=actor, now=now)
            counted = {(now - timedelta(days=days)).date(): days for days in (2, 3, 4)}
            say_counts(portal_id=portal_id, counted=counted, actor=actor, now=now)


def landing_page() -> None:
    """A public landing page with every kind of block, that was read and changed since."""
    now, actor, drawn = clock.now(), by_system("shots"), BytesIO()
    Image.linear_gradient("L").resize((1200, 500)).save(drawn, "PNG")
    shown = pages.keep_picture(raw=drawn.getvalue(), now=now)
    portal_id = one("select id from capture_portal where kind = 'browser' and is_on order by id limit 1")
    blocks = (
        Block(
            kind=Kind.TEXT,
            text="Two pumps in one housing: **half as loud**, and\n\n[See the figures](https://example.com/)",
        ),
        Block(kind=Kind.PICTURE, picture=shown.name, note="A pump in a cellar"),
        Block(kind=Kind.HEADING, text="Why people change"),
        Block(kind=Kind.POINTS, text="48 dB at full load\nFits where the old one stood\nFive years without a visit"),
        Block(kind=Kind.QUOTE, text="We forgot that it was there.", note="Ann Berg, head of works, Berg Ltd"),
        Block(
            kind=Kind.QUESTIONS, text="How long does it take?\nA morning.\n\nAnd if it fails?\nWe come the same day."
        ),
        Block(kind=Kind.SPACE),
        Block(kind=Kind.FORM, portal_id=portal_id),
    )
    copy = Copy(
        title="The pump that nobody hears", description="Half as loud, in the same place.", blocks=blocks, asks=True
    )
    page_id = pages.save_page(page=PageIn(slug="quiet-pumps", copy=copy), now=now)
    pages.publish(page_id=page_id, actor=actor, now=now)
    pages.count_view(page_id=page_id, now=now)
    pages.save_page(page=PageIn(slug="quiet-pumps", copy=replace(copy, title="Half as loud")), page_id=page_id, now=now)


def guarded() -> None:
    """A form that asks by mail before a consent counts, and a block list that has caught somebody at it."""
    now, actor = clock.now(), by_system("shots")
    given = {"owner_id": user_with("marketer") or 1, "interest_id": min(families())}
    wanted = PortalIn(
        key="guarded", name="Guarded form", kind=PortalKind.BROWSER, double_opt_in=True,
        consent_wording="Yes, send me news about pumps by e-mail.", **given,
    )  # fmt: skip
    save_portal(portal=wanted, actor=actor, now=now)
    add_entries(entries("spam.example\n198.51.100.0/24", kind=None, reason="Spam of May"), actor=actor, now=now)
    for address in ("ann@spam.example", "bo@lind-pumps.example"):
        body = {"email": address, "name": "Bo Lind", "consent": "yes", "_elapsed": "30"}
        receive(portal=portal("guarded"), body=orjson.dumps(body), now=now)
    pump.drain()


def user_with(role: str) -> int | None:
    return one("select id from platform_user where %s = any(roles) and is_active order by id limit 1", role)


def one(sql: str, *params: Any) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        row = cursor.fetchone()
    return row[0] if row else None


def faults(page: Page) -> list[str]:
    found: list[str] = page.evaluate(SPILLING)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wide > 0:
        found.append(f"scrolls sideways by {wide} px")
    page.evaluate(AXE.read_text())
    result = page.evaluate("rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES)
    for violation in result["violations"]:
        nodes = "; ".join(node["html"][:120] for node in violation["nodes"][:2])
        found.append(f"{violation['id']}: {nodes}")
    return found


@pytest.mark.parametrize("theme", THEMES)
def test_every_page_of_every_role(theme: str, demo_site: Site, browser: Browser, pytestconfig: pytest.Config) -> None:
    staff = {role: user_id for role in ROLES if (user_id := user_with(role))}
    signed = Signed(browser, demo_site, Cast(staff, {}, {}, {}, {}))
    folder = pytestconfig.getoption("--shots")
    problems: list[str] = []
    examined: set[str] = set()
    for role in staff:
        for width, height in SIZES:
            page = signed.page(role, theme=theme, width=width, height=height)
            for path in _paths(page, demo_site):
                look = f"{role if path == '/home' else ''} {path} {width}"
                if not folder and look in examined:
                    continue
                answer = page.goto(f"{demo_site.url}{path}", wait_until="load")
                if answer is None or answer.status != 200:
                    problems.append(f"{role} {path}: {answer.status if answer else 'no answer'}")
                    continue
                if look not in examined:
                    examined.add(look)
                    problems.extend(f"{role} {path} {width} {theme}: {fault}" for fault in faults(page))
                if folder:
                    _keep(page, Path(folder) / role, f"{path.strip('/').replace('/', '-') or 'home'}-{width}-{theme}")
            page.context.close()
    assert problems + signed.errors == []
    assert len(examined) > 20


def _paths(page: Page, site: Site) -> list[str]:
    page.goto(site.url)
    links = page.eval_on_selector_all("#rail .nav-link", "found => found.map(x => x.getAttribute('href'))")
    paths = [*links, "/me", "/me/notices"]
    for path, sql, pattern in BELOW:
        row = one(sql) if path in links else None
        paths += [pattern.format(row)] if row and _may_see(page, site, pattern.format(row)) else []
    return paths


def _may_see(page: Page, site: Site, path: str) -> bool:
    """Own leads and deals only, for some: what is not theirs is no page of theirs."""
    return page.request.get(f"{site.url}{path}").status == 200


def _keep(page: Page, folder: Path, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png")


@pytest.mark.parametrize("theme", THEMES)
def test_signing_in_looks_right(theme: str, demo_site: Site, browser: Browser, pytestconfig: pytest.Config) -> None:
    signed = Signed(browser, demo_site, Cast({}, {}, {}, {}, {}))
    for width, height in SIZES:
        page = signed.page(theme=theme, width=width, height=height)
        page.goto(f"{demo_site.url}/worklist")
        assert "/account/login/" in page.url
        assert faults(page) == []
        if folder := pytestconfig.getoption("--shots"):
            _keep(page, Path(folder) / "anybody", f"sign-in-{width}-{theme}")
        page.context.close()
    assert signed.errors == []


@pytest.mark.parametrize("theme", THEMES)
def test_a_landing_page_looks_right(theme: str, demo_site: Site, browser: Browser, pytestconfig: pytest.Config) -> None:
    signed = Signed(browser, demo_site, Cast({}, {}, {}, {}, {}))
    for width, height in SIZES:
        page = signed.page(theme=theme, width=width, height=height)
        page.goto(f"{demo_site.url}/p/quiet-pumps")
        page.get_by_text("How long does it take?").click()
        assert faults(page) == []
        if folder := pytestconfig.getoption("--shots"):
            _keep(page, Path(folder) / "anybody", f"landing-page-{width}-{theme}")
        page.context.close()
    assert signed.errors == []


FILE = (
    "Name;E-Mail;Firma;Datum\nAnn Bürg;ann@berg.example;Berg;03.04.2025\nBen Cole;ben@cole.example;Cole;05.06.2025\n"
    "Nobody;;;\n"
)


@pytest.mark.parametrize("theme", THEMES)
def test_a_file_on_its_way_in_and_a_batch_look_right(
    theme: str, demo_site: Site, browser: Browser, pytestconfig: pytest.Config, tmp_path: Path
) -> None:
    file = tmp_path / "fair.csv"
    file.write_text(FILE)
    signed = Signed(browser, demo_site, Cast({"admin": user_with("admin") or 0}, {}, {}, {}, {}))
    folder = pytestconfig.getoption("--shots")
    problems: list[str] = []

    def look(page: Page, name: str) -> None:
        problems.extend(f"{name} {theme}: {fault}" for fault in faults(page))
        if folder:
            _keep(page, Path(folder) / "admin", f"{name}-{theme}")

    for width, height in SIZES:
        page = signed.page("admin", theme=theme, width=width, height=height)
        page.goto(f"{demo_site.url}/imports")
        page.get_by_label("File", exact=True).set_input_files(file)
        page.get_by_role("button", name="Upload and look").click()
        page.wait_for_url("**/imports/file/*")
        page.get_by_role("button", name="Try it without storing").click()
        page.get_by_text("What would come of it").wait_for()
        look(page, f"file-tried-{width}")
        page.get_by_role("button", name="Bring 3 rows in").click()
        page.get_by_role("button", name="Stop this import").wait_for()
        look(page, f"file-under-way-{width}")
        page.get_by_role("button", name="Stop this import").click()
        page.get_by_role("button", name="Take it back").wait_for()
        look(page, f"file-stopped-{width}")
        page.goto(f"{demo_site.url}/batches")
        look(page, f"batches-{width}")
        page.get_by_label("What is on the pile").fill("Bingo cards")
        page.get_by_label("How many there are").fill("2")
        page.get_by_label("Enter every one twice, and compare").check()
        page.get_by_role("button", name="Open it").click()
        page.get_by_label("Full name").fill("Dana Ruiz")
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Once").click()
        page.get_by_label("Full name").fill("Dana Ruis")
        page.keyboard.press("Enter")
        page.get_by_text("first “Dana Ruiz”").wait_for()
        look(page, f"batch-{width}")
        page.context.close()
    assert problems + signed.errors == []
