"""What the pictures show: who looks at which page, and what they do there first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page

from scripts.pictures import MOMENT

WATER_CHECK = "select id from capture_portal where key = 'water-check'"
GROUP = """
select l.company_id from leads_lead l join selling_opportunity o on o.company_id = l.company_id and o.state = 'open'
 group by 1 order by count(distinct l.person_id) desc, count(distinct o.id) desc, 1 limit 1"""
LOOK_ALIKES = (
    "select id, low_id, high_id from identity_suggestion where state = 'open' order by weight desc, id limit 1"
)
READY = f"""
select l.id, split_part(u.email, '@', 1) from leads_lead l join platform_user u on u.id = l.owner_id
 where l.stage in ('accepted', 'working') and l.due_at > '{MOMENT}'
 order by l.readiness desc, l.fit desc, l.id limit 1"""
ON_JOURNEY = """
select e.lead_id from nurture_enrolment e join leads_lead l on l.id = e.lead_id
  join ledger_event s on s.lead_id = l.id and s.kind = 'message.sent' and s.payload->>'purpose' = 'marketing'
 where e.state = 'waiting' group by e.id, l.id order by count(*) desc, e.steps desc, l.fit desc, l.id limit 1"""
PASSED_OVER = """
select l.id, split_part(u.email, '@', 1) from distribution_assignment a join leads_lead l on l.id = a.lead_id
  join platform_user u on u.id = l.owner_id
 where a.user_id = l.owner_id and a.state in ('offered', 'accepted') and a.log::text like '%gave this lead back%'
 order by a.offered_at desc, l.id limit 1"""
MUCH_DONE = f"""
select l.id, split_part(u.email, '@', 1) from leads_lead l join platform_user u on u.id = l.owner_id
  join selling_activity a on a.lead_id = l.id
 where l.stage = 'opportunity' and l.due_at > '{MOMENT}' and 'salesperson' = any(u.roles)
 group by 1, 2 order by count(*) desc, 1 limit 1"""


def _nothing(page: Page) -> None:
    """The page as it opens."""


@dataclass(frozen=True)
class Scene:
    """A picture by its name. `{0}`, `{1}` in `who` and `path` are the columns of the first row that `about` finds.

    `who` is a colleague's short name, "" for a visitor; `act` is what they do on the page before it is taken.
    """

    name: str
    who: str
    path: str
    about: str = ""
    act: Callable[[Page], None] = _nothing


def _to_top(page: Page) -> None:
    page.evaluate("scrollTo(0, 0)")


def _say_roles(page: Page) -> None:
    """Who decides in the buying group, then back to the company."""
    address = page.url
    page.goto(f"{address}/people")
    said = ("decision_maker", "influencer", "user", "influencer", "unknown", "user")
    for one, role in zip(page.get_by_role("combobox").all(), said, strict=False):
        one.select_option(role)
    page.get_by_role("button", name="Save").click()
    page.goto(address)


def _question(page: Page) -> None:
    """A question of our own, whose answers are to be chosen from, asked second."""
    page.get_by_label("One more").select_option(label="A question of our own")
    page.get_by_role("button", name="Question", exact=True).click()
    count = page.locator("fieldset.builder-group").count()
    asked = page.locator("fieldset.builder-group").last
    asked.get_by_label(f"Question {count}", exact=True).fill("How many pumps run on your site?")
    asked.get_by_label("Has to be answered").check()
    asked.locator("summary").click()
    asked.get_by_label("Answers, one on each line").fill("Up to ten\nEleven to forty\nMore than forty")
    for place in range(count, 2, -1):
        page.get_by_role("button", name=f"Move question {place} up").click()
    _to_top(page)


FILE = """Name;E-Mail;Company;Position;Town;Owner;Date;Message;Hall
Clara Ahlers;c.ahlers@nordhaven.example;Nordhaven Dairy;Plant manager;Kiel;Kim Maurer;18.11.2026;Two pumps, new line;4
Piet Okker;okker@delta-starch.example;Delta Starch;Head of works;Zwolle;Ola Novak;18.11.2026;Service for 11 pumps;4
Marta Soler;m.soler@aigua-clara.example;Aigua Clara;Process engineer;Girona;Kim Maurer;19.11.2026;Remote monitoring;2
Tom Hadley;t.hadley@weir-paper.example;Weir Paper;Buyer;Leeds;Sam Reyes;19.11.2026;A price for the P90;4
Inga Thule;inga@fjordkraft-foods.example;Fjordkraft Foods;Technical director;;Ola Novak;20.11.2026;;2
"""


def _upload(page: Page) -> None:
    """A list of visitors, as it is understood before anything is stored."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "visitors-of-the-fair.csv"
        file.write_text(FILE)
        page.get_by_label("Where it comes from").select_option(label="Trade show")
        page.get_by_label("File", exact=True).set_input_files(file)
        page.get_by_role("button", name="Upload and look").click()
        page.wait_for_url("**/imports/file/*")
    page.locator("#columns-title").evaluate("one => scrollTo(0, one.closest('section').offsetTop - 72)")


CARDS = (
    ("Jan Brouwer", "j.brouwer@polder-brewery.example", "Polder Brewery"),
    ("Elsa Lindqvist", "elsa@kallvatten.example", "Kallvatten Works"),
    ("Rui Matos", "rui.matos@sal-e-sol.example", "Sal e Sol"),
)


def _fill_cards_in(page: Page) -> None:
    """A pile of 24 reply cards, of which three are entered."""
    page.get_by_label("What is on the pile").fill("Reply cards, Pump hour in print")
    page.get_by_label("Where it comes from").select_option(label="Trade show")
    page.get_by_label("How many there are").fill("24")
    page.get_by_label("Filled in on").fill("2026-11-20")
    page.get_by_label("Key code on them").fill("fair")
    page.get_by_role("button", name="Open it").click()
    for name, address, firm in CARDS:
        page.get_by_label("Full name").fill(name)
        page.get_by_label("E-mail", exact=True).fill(address)
        page.get_by_label("Company", exact=True).fill(firm)
        page.get_by_role("button", name="Enter").click()
    page.get_by_label("Full name").fill("Beate Kolb")
    _to_top(page)


def _first_in_time(page: Page) -> None:
    """The first lead whose promise can still be kept."""
    page.locator(".row", has_not_text="late").first.locator(".row-link").click()
    page.locator("#record .next-step:not([data-state=late])").wait_for()


def _to_the_end(page: Page) -> None:
    page.evaluate("scrollTo(0, document.body.scrollHeight)")


def _unfold(page: Page) -> None:
    """The steps that a journey took, which stand folded in the timeline."""
    page.locator(".record-columns summary").first.click()


def _why_whom(page: Page) -> None:
    """Down to why it was handed to its owner."""
    page.locator(".record-side h3", has_text="Why").last.evaluate("one => one.scrollIntoView({block: 'center'})")


SCENES = (
    Scene("worklist", "kim", "/worklist?tab=today", act=_first_in_time),
    Scene("loop", "ines", "/loop?p=90"),
    Scene("forecast", "grace", "/forecast"),
    Scene("portals", "tomas", "/portals"),
    Scene("quarantine", "ines", "/quarantine"),
    Scene(
        "form-builder",
        "tomas",
        "/portals/{0}/form",
        WATER_CHECK,
        _question,
    ),
    Scene("landing-page", "", "/p/water-check"),
    Scene("import-mapping", "tomas", "/imports", act=_upload),
    Scene("paper-batch", "tomas", "/batches", act=_fill_cards_in),
    Scene("look-alikes", "ines", "/duplicates"),
    Scene("look-alike", "ines", "/duplicates/{0}", LOOK_ALIKES),
    Scene("merge", "ines", "/persons/{1}/merge?with={2}", LOOK_ALIKES, _to_the_end),
    Scene("company", "ines", "/companies/{0}", GROUP, _say_roles),
    Scene("score", "{1}", "/leads/{0}", READY),
    Scene("journey", "tomas", "/leads/{0}", ON_JOURNEY, _unfold),
    Scene("hand-over", "{1}", "/leads/{0}", PASSED_OVER, _why_whom),
    Scene("given-back", "ines", "/given-back"),
    Scene("lead", "{1}", "/leads/{0}", MUCH_DONE),
    Scene("pipeline", "ruth", "/pipeline"),
    Scene("programmes", "tomas", "/programmes?p=90"),
)
