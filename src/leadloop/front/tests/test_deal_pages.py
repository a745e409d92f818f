"""The list of all deals: what it shows, by which filters, to whom."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from leadloop.front.tests.pages import as_user
from leadloop.kernel import clock
from leadloop.leads.contracts import Stage
from leadloop.selling.queries import opportunity
from leadloop.selling.services import install_pipeline, lose, win
from leadloop.selling.tests.desk import Desk
from leadloop.selling.tests.test_accounts import firms
from tests.support.cast import Cast
from tests.support.statements import asked


@pytest.fixture
def desk(db: None, cast: Cast) -> Any:
    install_pipeline()
    desk = Desk(cast)
    with clock.at(desk.now):
        yield desk


@pytest.fixture
def grace(desk: Desk) -> Client:
    """Head of sales; there are a deal that is open, one won, and one lost without a company."""
    first, second, third = desk.leads_in(Stage.WORKING, ["kim"] * 3)
    (firm,) = firms(desk, "Acme Pumps")
    desk.deal(first.id, company_id=firm, name="Two pumps", amount=1_200_000)
    win(desk.deal(second.id, company_id=firm, name="First pump"), closed_on=desk.now.date(), **desk.acting)
    lose(desk.deal(third.id, name="Valves"), reason="price", outcomes={third.id: "lost"}, **desk.acting)
    return as_user(desk.cast, "grace")


def names(client: Client, query: str = "") -> list[str]:
    answer = client.get(f"/deals{query}")
    assert answer.status_code == 200, query
    return re.findall(r'href="/deals/\d+">([^<]+)', answer.content.decode())


def test_open_and_closed_deals_stand_in_one_list(grace: Client) -> None:
    assert sorted(names(grace)) == ["First pump", "Two pumps", "Valves"]
    assert names(grace, "?state=open") == ["Two pumps"]
    assert names(grace, "?state=won") == ["First pump"]
    assert names(grace, "?without=company") == ["Valves"]
    assert names(grace, "?q=pump&state=won") == ["First pump"]
    assert b'href="/deals"' in grace.get("/pipeline").content


def test_who_owns_them_is_a_filter_and_a_limit(desk: Desk, grace: Client) -> None:
    page = grace.get(f"/deals?owner={desk.user('kim')}&stage=need_confirmed").content.decode()
    assert "Owner: Kim Maurer" in page
    assert "No deal fits." in page
    assert names(as_user(desk.cast, "sam")) == []


@pytest.mark.parametrize("wrong", ["?state=maybe", "?without=sense", "?owner=me", "?after=nonsense"])
def test_what_makes_no_sense_is_refused(grace: Client, wrong: str) -> None:
    assert grace.get(f"/deals{wrong}").status_code == 422


def test_statements_do_not_grow_with_the_deals(desk: Desk, grace: Client) -> None:
    few = asked(grace, "/deals")
    for lead in desk.leads_in(Stage.WORKING, ["kim", "sam"] * 5):
        desk.deal(lead.id)
    assert asked(grace, "/deals") == few


def test_after_midnight_a_win_is_offered_for_the_day_it_is_where_the_company_is(desk: Desk) -> None:
    deal = desk.deal(desk.lead_in(Stage.WORKING).id)
    client = as_user(desk.cast, "grace")
    with clock.at(datetime(2026, 3, 2, 23, 30, tzinfo=UTC)):  # half past midnight in Berlin
        assert 'value="2026-03-03"' in client.get(f"/deals/{deal}/win").content.decode()


def test_a_win_entered_the_day_after_stands_behind_all_of_its_day(desk: Desk) -> None:
    deal = desk.deal(desk.lead_in(Stage.WORKING).id)
    win(deal, closed_on=desk.now.date(), **desk.acting | {"now": desk.now + timedelta(days=1)})
    found = opportunity(desk.viewer("kim"), deal)
    assert found is not None
    assert desk.now < found.row.closed_at
    assert found.row.closed_at.astimezone(ZoneInfo("Europe/Berlin")).date() == desk.now.date()
