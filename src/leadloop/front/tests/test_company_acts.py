"""What is done on companies' pages: changed, owned, roles said, merged and parted; and what a group shows."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from leadloop.front.tests.pages import as_user
from leadloop.identity.queries import company_merges
from leadloop.kernel import clock
from leadloop.ledger.sql import fetch
from leadloop.people.queries import account_owners, companies, members
from leadloop.people.services import change_company
from leadloop.people.tests.world import facts
from leadloop.selling.services import install_pipeline
from leadloop.selling.tests.desk import Desk
from leadloop.selling.tests.test_accounts import firms, leads_of
from tests.support.cast import Cast


@pytest.fixture
def desk(db: None, cast: Cast) -> Any:
    install_pipeline()
    desk = Desk(cast)
    with clock.at(desk.now):
        yield desk


def posted(client: Client, address: str, **given: Any) -> Any:
    return client.post(address, given, follow=True)


def edited(desk: Desk, firm: int, **changed: Any) -> Any:
    row = companies([firm])[firm]
    given = {"name": row.name, "website": "", "industry": row.industry, "country": row.country, "city": row.city}
    return posted(as_user(desk.cast, "ines"), f"/companies/{firm}/edit", **given | changed)


def test_the_owner_is_named_on_the_page_and_holds_for_the_companies_below(desk: Desk) -> None:
    top, below = firms(desk, "Acme Holding", "Acme Pumps")
    assert edited(desk, top, account_owner_id=desk.user("kim")).redirect_chain
    assert edited(desk, below, parent="Acme Holding").redirect_chain
    assert account_owners([top, below]) == {top: desk.user("kim"), below: desk.user("kim")}
    html = as_user(desk.cast, "ines").get(f"/companies/{below}").content.decode()
    assert "Kim Maurer, as of the company above" in html
    assert "part of Acme Holding" in html
    told = [payload for _, company, _, payload in facts("company.owned") if company == top]
    assert len(told) == 1
    assert f'"owner_id": {desk.user("kim")}' in told[0]


def test_a_company_never_stands_above_itself(desk: Desk) -> None:
    top, below = firms(desk, "Acme Holding", "Acme Pumps")
    edited(desk, below, parent=str(top))
    answer = edited(desk, top, parent="Acme Pumps")
    assert "a firm can&#x27;t stand above itself" in answer.content.decode()
    assert companies([top])[top].parent_id is None
    assert "There is no such company" in edited(desk, top, parent="Nobody").content.decode()


def test_many_get_an_owner_at_once_as_far_as_one_may_change_them(desk: Desk) -> None:
    one, two, other = firms(desk, "Acme North", "Acme South", "Bolt")
    answer = posted(as_user(desk.cast, "ines"), "/companies/owner?q=acme", to=desk.user("sam"))
    assert "2 companies have another owner now." in answer.content.decode()
    assert account_owners([one, two, other]) == {one: desk.user("sam"), two: desk.user("sam")}
    posted(as_user(desk.cast, "kim"), "/companies/owner?q=acme", to=desk.user("kim"))
    assert account_owners([one]) == {one: desk.user("sam")}
    assert as_user(desk.cast, "ines").post("/companies/owner", {"to": "x"}).status_code == 422


def test_who_decides_is_said_for_the_whole_buying_group(desk: Desk) -> None:
    (firm,) = firms(desk, "Acme")
    leads = leads_of(desk, firm, "kim", "kim")
    first, second = (lead.person_id for lead in leads)
    posted(
        as_user(desk.cast, "ines"),
        f"/companies/{firm}/people",
        **{f"role:{first}": "influencer", f"role:{second}": "decision_maker"},
    )
    assert [(one.person_id, one.buying_role) for one in members(firm)] == [
        (second, "decision_maker"),
        (first, "influencer"),
    ]
    wrong = as_user(desk.cast, "ines").post(f"/companies/{firm}/people", {f"role:{first}": "king"})
    assert wrong.status_code == 422


def test_a_group_shows_its_own_figures_beside_the_companys(desk: Desk) -> None:
    top, below = firms(desk, "Acme Holding", "Acme Pumps")
    change_company(company_id=below, changes={"parent_id": top}, **desk.kim)
    leads = [*leads_of(desk, top, "kim"), *leads_of(desk, below, "kim", "sam")]
    desk.deal(leads[0].id, company_id=top, name="One", amount=100_000)
    desk.deal(leads[1].id, company_id=below, name="Two", amount=200_000)
    ines = as_user(desk.cast, "ines")
    html = ines.get(f"/companies/{top}").content.decode()
    assert "All 2 companies" in html
    assert f'href="/companies?group={top}&amp;having=deals">€3k' in html
    assert f'data-figure="1" href="/deals?company={top}&amp;state=open">€1k' in html
    assert 'data-rows-total="2"' in ines.get(f"/companies?group={below}").content.decode()
    assert 'data-rows-total="1"' in ines.get(f"/deals?company={top}&state=open").content.decode()


def test_two_are_merged_side_by_side_and_parted_again(desk: Desk) -> None:
    acme, twin, far = firms(desk, "Acme Pumps GmbH", "Acme Pumps", "Dune")
    change_company(company_id=twin, changes={"industry": "Machinery"}, **desk.kim)
    leads_of(desk, twin, "kim")
    ines = as_user(desk.cast, "ines")
    html = ines.get(f"/companies/{acme}/alike").content.decode()
    assert "The same name but for the legal form" in html
    assert f"/companies/{far}" not in html
    html = ines.get(f"/companies/{acme}/merge?with={twin}").content.decode()
    for words in ("Machinery", "1 lead", "1 person"):
        assert words in html, words
    posted(ines, f"/companies/{acme}/merge", **{"with": twin, "do": "merge"})
    assert ines.get(f"/companies/{twin}").headers["Location"] == f"/companies/{acme}"
    assert companies([acme])[acme].industry == "Machinery"
    (merge,) = company_merges(acme)
    change_company(company_id=acme, changes={"city": "Kiel"}, **desk.kim)
    back = f"/companies/{acme}/unmerge/{merge.id}"
    assert "Kiel" in ines.get(back).content.decode()
    assert ines.post(back, {}).status_code == 422
    ((entry,),) = fetch("select max(id) from people_fieldhistory where field = 'city'", [])
    posted(ines, back, **{f"edit:{entry}": "survivor", "never_again": "on"})
    rows = companies([acme, twin])
    assert (rows[acme].city, rows[twin].city, rows[twin].industry) == ("Kiel", "", "Machinery")
    assert "never the same" in ines.get(f"/companies/{acme}/alike").content.decode()
    assert posted(ines, f"/companies/{acme}/merge", **{"with": twin, "do": "merge"}).status_code == 409
    assert as_user(desk.cast, "kim").get(f"/companies/{acme}/merge?with={twin}").status_code == 403


def test_related_companies_are_said_so_and_leave_the_list(desk: Desk) -> None:
    acme, twin = firms(desk, "Acme Pumps", "Acme Pumps AG")
    ines = as_user(desk.cast, "ines")
    html = posted(ines, f"/companies/{acme}/alike", verdict="related", **{"with": twin}).content.decode()
    assert "related, not the same" in html
    assert "No other company looks like this one." in html
    assert ines.post(f"/companies/{acme}/alike", {"verdict": "cousins", "with": twin}).status_code == 422
