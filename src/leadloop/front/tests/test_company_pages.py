"""Companies: whom one sees, what a company's page tells, its stream a page at a time, and the ways to it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from leadloop.front.tests.pages import as_user
from leadloop.front.work import timeline
from leadloop.kernel import clock
from leadloop.ledger import kept
from leadloop.people import services as people
from leadloop.selling.services import install_pipeline, win
from leadloop.selling.tests.desk import CALL, Desk
from leadloop.selling.tests.test_accounts import firms, leads_of
from tests.support.cast import Cast

MOST = 38  # statements; inside the transaction of a test labels and names are read anew each time


@pytest.fixture
def desk(db: None, cast: Cast) -> Any:
    install_pipeline()
    desk = Desk(cast)
    with clock.at(desk.now):
        yield desk


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def acme(desk: Desk) -> tuple[int, list[Any]]:
    """Acme with three people: two of Kim's, of whom one bought, and one of Sam's."""
    (firm,) = firms(desk, "Acme Pumps", industry="Machinery", country="DE", city="Bremen", employees=320)
    people.change_company(
        company_id=firm, changes={"account_owner_id": desk.user("kim"), "attributes.tier": "gold"}, **desk.kim
    )
    leads = [*leads_of(desk, firm, "kim", "kim"), *leads_of(desk, firm, "sam")]
    desk.log(leads[0].id, CALL, "talked", note="Wants a second pump")
    desk.deal(leads[0].id, company_id=firm, name="Two pumps", amount=1_200_000)
    won = desk.deal(leads[1].id, company_id=firm, name="First pump", amount=500_000)
    win(won, closed_on=desk.now.date(), **desk.acting)
    return firm, leads


def test_the_page_tells_what_goes_on(desk: Desk) -> None:
    firm, leads = acme(desk)
    html = shown(as_user(desk.cast, "ines"), f"/companies/{firm}")
    for words in (
        "1 open deal and 2 open leads, €12k in sight.", "Two pumps", "€12,000", "First pump", "€5,000", "Won",
        "Buyer 0", "Kim Maurer", "Sam Reyes", "Machinery", "Bremen, DE", "320 employed", "Tier", "gold",
        "Call: talked", "Wants a second pump", "The opportunity was won",
    ):  # fmt: skip
        assert words in html, words
    assert html.index("Two pumps</a>") < html.index("First pump</a>")  # open ones first
    assert f'href="/leads/{leads[2].id}"' in html
    assert f'data-figure="2" href="/leads?company={firm}&amp;open=1"' in html
    assert "Nothing is open here." in shown(as_user(desk.cast, "ines"), f"/companies/{firms(desk, 'Idle')[0]}")


def test_somebody_sees_their_part_of_a_company(desk: Desk) -> None:
    firm, leads = acme(desk)
    desk.later(minutes=5)
    sam = shown(as_user(desk.cast, "sam"), f"/companies/{firm}")
    assert f'href="/leads/{leads[2].id}"' in sam
    for hidden in (f"/leads/{leads[0].id}", "Two pumps", "Wants a second pump", "First pump"):
        assert hidden not in sam, hidden
    assert "1 open lead." in sam
    ruth = shown(as_user(desk.cast, "ruth"), f"/companies/{firm}")
    assert "Two pumps" in ruth
    assert f"/leads/{leads[2].id}" not in ruth
    assert as_user(desk.cast, "ola").get(f"/companies/{firm}").status_code == 404
    assert as_user(desk.cast, "pia").get(f"/companies/{firm}").status_code == 404


def test_the_stream_goes_on_where_the_page_before_ended(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    firm, _ = acme(desk)
    monkeypatch.setattr(timeline, "FOLDED", set())
    ines = as_user(desk.cast, "ines")
    whole = re.findall(r'id="(fact-\d+)"', shown(ines, f"/companies/{firm}"))
    assert len(whole) > 30
    monkeypatch.setattr("leadloop.front.firms.stream.LIMIT", 8)
    address, paged = f"/companies/{firm}", []
    for _ in range(20):
        html = shown(ines, address)
        paged += re.findall(r'id="(fact-\d+)"', html)
        older = re.search(r'class="more" href="([^"#]*)', html)
        if older is None:
            break
        address = older[1]
    assert paged == whole
    assert "Back to the newest" in shown(ines, address)
    assert ines.get(f"/companies/{firm}?before=nonsense").status_code == 422


def test_the_list_filters_and_its_figures_open_their_rows(desk: Desk) -> None:
    firm, _ = acme(desk)
    firms(desk, "Bolt", country="FR")
    ines = as_user(desk.cast, "ines")
    html = shown(ines, "/companies")
    assert 'data-rows-total="2"' in html
    assert "€12k" in html
    assert "€5k" in html
    assert 'data-rows-total="1"' in shown(ines, "/companies?country=FR")
    chosen = shown(ines, f"/companies?owner={desk.user('kim')}&having=deals&industry=Machinery&q=pump")
    assert 'data-rows-total="1"' in chosen
    assert "Remove filter Account owner: Kim Maurer" in chosen
    assert 'data-rows-total="2"' in shown(ines, f"/leads?company={firm}&open=1")
    assert "No company fits." in shown(ines, "/companies?q=nobody")
    for wrong in ("owner=me", "having=money", "after=nonsense"):
        assert ines.get(f"/companies?{wrong}").status_code == 422, wrong
    assert as_user(desk.cast, "kim").get("/companies").content.decode().count('href="/companies/') == 1


def test_leads_deals_records_and_the_search_lead_to_the_company(desk: Desk) -> None:
    firm, leads = acme(desk)
    kim = as_user(desk.cast, "kim")
    link = f'href="/companies/{firm}"'
    assert link in shown(kim, "/leads")
    assert link in shown(kim, f"/leads/{leads[0].id}/record")
    (deal,) = set(re.findall(r'href="(/deals/\d+)">Two pumps', shown(kim, f"/companies/{firm}")))
    assert link in shown(kim, deal)
    assert f'data-href="/companies/{firm}"' in shown(kim, "/search?q=acme")
    assert "/companies/" not in shown(as_user(desk.cast, "ola"), "/search?q=acme")


def test_pages_take_the_same_statements_however_much_they_show(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "FRESH", float("inf"))
    firm, _ = acme(desk)
    ruth = as_user(desk.cast, "ruth")

    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            shown(ruth, address)
        return sum("agreement_agreement" not in query["sql"] for query in queries)

    addresses = (f"/companies/{firm}", "/companies")
    few = [asked(address) for address in addresses]
    for number, lead in enumerate(leads_of(desk, firm, *["kim"] * 6)):
        desk.log(lead.id, CALL, "talked", note="Again", next_step_at=desk.in_hours(30 + number), next_step_note="Call")
        desk.deal(lead.id, company_id=firm, name=f"Deal {number}", next_step_at=desk.now + timedelta(days=3))
    leads_of(desk, firms(desk, "Bolt")[0], "kim")
    assert [asked(address) for address in addresses] == few
    assert max(few) <= MOST, few
