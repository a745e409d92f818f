"""Faults 34 and 47: whatever people write is shown as text, on every page and in every letter, and is no formula."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test import Client
from python_calamine import CalamineWorkbook

from leadloop.capture.contracts import PortalKind
from leadloop.capture.services import PortalIn, save_portal
from leadloop.front.tests.pages import as_user
from leadloop.front.tests.test_access import API, FOREIGN, PAGES, Page
from leadloop.kernel import clock
from leadloop.leads.queries import worklist
from leadloop.ledger.contracts import by_system, by_user
from leadloop.loop import commands, exports
from leadloop.loop.commands import NewDeal
from leadloop.platform import services as platform
from leadloop.segments import services as segments
from leadloop.segments.contracts import NewSegment, Subject
from leadloop.selling.contracts import ActivityIn, ActivityKind
from tests.stories.house import SETUP, House
from tests.stories.test_first_round import DANA
from tests.support.aside import content
from tests.support.cast import Cast

MARKUP = "\"'><img src=x onerror=alert(1)></script><script>alert(2)</script>{{ 7919|add:7919 }}"
RAW = ("<img src=x", "</script><script>alert", "15838")
FORMULAS = (
    '=HYPERLINK("https://evil.example","open")',
    "+SUM(1,2)",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "  =1+1",
    "\u00a0=1+1",
    "Good day\n=1+1",
)
# Told by the cell's own text, not by the product's guard: what any spreadsheet would work out.
IS_FORMULA = re.compile(r"(?:^|[\r\n])[\s\u00a0]*[=+\-@]")
IS_NUMBER = re.compile(r"[+-]?[\d.,:% ()/-]+")


@pytest.fixture
def marked(house: House, cast: Cast) -> House:
    """A company in which everything that anybody may name is called by markup."""
    tomas, kim = by_user(cast.user["tomas"]), house.viewer("kim")
    platform.change_user(user_id=cast.user["kim"], changes={"name": f"Kim {MARKUP}"}, actor=SETUP, now=house.now)
    portal = PortalIn(
        key="marked", name=MARKUP, kind=PortalKind.BROWSER, owner_id=cast.user["tomas"], source_id=cast.source["web"],
        interest_id=cast.interest["general"], consent_wording=MARKUP,
    )  # fmt: skip
    save_portal(portal=portal, actor=tomas, now=house.now)
    said = {name: f"{text} {MARKUP}" for name, text in DANA.items() if name not in ("email", "phone")}
    said |= {"email": DANA["email"], "phone": DANA["phone"], MARKUP: MARKUP, "city": MARKUP, "street": MARKUP}
    said |= {"utm_source": MARKUP, "utm_campaign": MARKUP, "referrer": MARKUP, "landing_page": MARKUP, "title": MARKUP}
    for address in ("dana.ruiz@acme-pumps.example", "dana.ruis@acme-pumps.example"):
        house.inquire("marked", **said | {"email": address})
    house.inquire("marked", note=MARKUP, name="")
    house.run()
    lead = worklist(kim, now=house.now).rows[0]
    commands.accept(kim, [lead.id], now=house.now)
    call = ActivityIn(
        lead_id=lead.id, kind=ActivityKind.CALL, outcome="talked", note=MARKUP, next_step_note=MARKUP,
        next_step_at=house.now + timedelta(days=1),
    )  # fmt: skip
    commands.log(kim, call, now=house.now)
    deal = NewDeal(
        lead_ids=(lead.id,), primary=lead.id, name=MARKUP, currency="EUR", amount=100_00, next_step=MARKUP,
        close_on=(house.now + timedelta(days=30)).date(), next_step_at=house.now + timedelta(days=1),
        person_id=lead.person_id, company_id=lead.company_id,
    )  # fmt: skip
    commands.open_deal(kim, deal, now=house.now)
    segment = NewSegment(
        name=MARKUP[:60], subject=Subject.LEAD, owner_id=cast.user["tomas"], note=MARKUP,
        criteria={"all": [{"facet": "lead.stage", "op": "=", "value": "working"}]},
    )  # fmt: skip
    segments.save(segment=segment, actor=tomas, now=house.now)
    house.run()
    return house


def addresses() -> Iterator[str]:
    """Every page that is read, about what there is."""
    known = {
        "lead_id": "leads_lead", "person_id": "people_person", "company_id": "people_company",
        "opportunity_id": "selling_opportunity", "portal_id": "capture_portal", "segment_id": "segments_segment",
        "suggestion_id": "identity_suggestion", "user_id": "platform_user", "agreement_id": "agreement_agreement",
    }  # fmt: skip
    ids: dict[str, list[Any]] = {}
    with connection.cursor() as cursor:
        for name, table in known.items():
            cursor.execute(f"select id from {table} order by id")
            ids[name] = [row[0] for row in cursor.fetchall()]
        cursor.execute("select id from capture_submission where state = 'quarantined'")
        ids["submission_id"] = [row[0] for row in cursor.fetchall()]
    for page in PAGES:
        if page.route.startswith((FOREIGN, API)):
            continue
        names = [name for name in ids if f"<int:{name}>" in page.route]
        for one in ids[names[0]] if names else [1]:
            yield Page(page.route.replace(f"<int:{names[0]}>", str(one)) if names else page.route, page.view).address


def test_fault_47_no_page_takes_what_people_write_for_markup(marked: House, cast: Cast) -> None:
    shown: set[str] = set()
    clients = {name: as_user(cast, name) for name in ("kim", "ada")} | {"nobody": Client()}
    with clock.at(marked.now):
        for address in addresses():
            for name, client in clients.items():
                for headers in ({}, {"HX-Request": "true"}) if (name, "/leads" in address) == ("kim", True) else ({},):
                    answer = client.get(address, headers=headers)
                    text = _body(answer)
                    assert [raw for raw in RAW if raw in text] == [], (address, name)
                    if "onerror=alert" in text:
                        shown.add(address.split("/")[1])
                    if answer["Content-Type"].startswith("text/html"):
                        _strict(answer["Content-Security-Policy"])
    assert {"leads", "worklist", "companies", "deals", "portals", "quarantine", "segments"} <= shown


def _body(answer: Any) -> str:
    return content(answer).decode("utf-8", "replace") if answer["Content-Type"].startswith("text/") else ""


def _strict(policy: str) -> None:
    rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
    assert "unsafe" not in policy
    assert rules["script-src"].split() == ["'self'"]


def test_fault_47_no_letter_takes_what_people_write_for_markup(marked: House) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select html, text, subject from outreach_message")
        letters = cursor.fetchall()
    assert any("onerror=alert" in html for html, _, _ in letters)
    for html, _, subject in letters:
        assert [raw for raw in RAW if raw in html] == []
        assert "\n" not in subject


def test_fault_47_programs_get_what_was_written_as_json(marked: House, cast: Cast, client: Client) -> None:
    _, token = platform.create_token(
        user_id=cast.user["ada"], name="all", scopes=["leads:see"], actor=by_system("test"), now=marked.now
    )
    with clock.at(marked.now):
        answer = client.get("/api/v1/leads", headers={"Authorization": f"Bearer {token}"})
    assert answer["Content-Type"].startswith("application/json")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert MARKUP in json.dumps(answer.json(), ensure_ascii=False).replace('\\"', '"')


def cells(text: str) -> list[str]:
    return [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]


@pytest.mark.parametrize("formula", FORMULAS)
def test_fault_34_what_looks_like_a_formula_is_a_text_in_every_file_and_stays_as_it_was_said(
    house: House, cast: Cast, formula: str
) -> None:
    said = dict.fromkeys(("given_name", "family_name", "company", "title", "city", "message", "shoe size"), formula)
    house.inquire(**said | {"email": "dana@formula.example", "timing": "this month", formula: formula})
    house.inquire(note=formula)
    house.run()
    for what in exports.KINDS:
        file = io.StringIO(newline="")
        list(exports.write(what, list(exports.columns(what)), file))
        assert [cell for cell in cells(file.getvalue()) if _works_out(cell)] == []
    with clock.at(house.now):
        helen = as_user(cast, "helen")
        for page in ("/leads", "/companies"):
            table = cells(_body(helen.get(f"{page}?format=csv")))
            assert [cell for cell in table if _works_out(cell)] == []
            assert any(" ".join(formula.split()) in " ".join(cell.split()) for cell in table)
            assert not any(isinstance(one, str) and _works_out(one) for one in workbook(helen, page))
    with connection.cursor() as cursor:
        cursor.execute("select attributes ->> 'shoe size' from people_person")
        assert cursor.fetchall() == [(formula.strip(),)]


def workbook(client: Client, page: str) -> list[Any]:
    """The cells of a page's table as a workbook, in which nothing may be worked out at all."""
    found = content(client.get(f"{page}?format=xlsx"))
    with ZipFile(io.BytesIO(found)) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist())
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(found)).get_sheet_by_index(0)
    return [cell for row in sheet.to_python() for cell in row]


def _works_out(cell: str) -> bool:
    return IS_FORMULA.search(cell) is not None and IS_NUMBER.fullmatch(cell) is None
