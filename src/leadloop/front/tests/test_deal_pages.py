"""The list of all deals: what it shows, by which filters, to whom."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from leadloop.front.tests.pages import as_user
from leadloop.kernel import clock
from leadloop.leads.contracts import Stage
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
