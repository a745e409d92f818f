"""Firms as accounts: who sees which, what goes on with them, and lists of them in pages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from leadloop.kernel.errors import Invalid, NotFound
from leadloop.leads.contracts import LeadRow, Move, Stage
from leadloop.leads.queries import rows
from leadloop.leads.tests.world import WAY
from leadloop.ledger import kept
from leadloop.people import services as people
from leadloop.people.contracts import NewCompany, NewPerson
from leadloop.platform import contracts
from leadloop.selling.contracts import AccountSort, AccountSums
from leadloop.selling.queries import account, account_sums, accounts
from leadloop.selling.services import lose, win
from leadloop.selling.tests.desk import Desk, counted


def firms(desk: Desk, *names: str, **more: Any) -> list[int]:
    new = [NewCompany(ref=ref, name=name, **more) for ref, name in enumerate(names)]
    return list(people.remember_companies(new, **desk.kim).values())


def leads_of(desk: Desk, company_id: int, *owners: str) -> list[LeadRow]:
    """Leads of new people of a firm, with these owners."""
    new = [NewPerson(ref=ref, family=f"Buyer {ref}", company_id=company_id) for ref in range(len(owners))]
    known = people.remember(new, **desk.kim)
    opened = desk.open([desk.pursuit(person, company_id=company_id) for person in known.values()])
    ids = [one.lead_id for one in opened.values()]
    for to in WAY[Stage.WORKING]:
        handed = to is Stage.ASSIGNED
        desk.move_all([
            Move(lead_id=lead_id, to=to, owner_id=desk.user(owner) if handed else None)
            for lead_id, owner in zip(ids, owners, strict=True)
        ])  # fmt: skip
    return list(rows(ids).values())


def seen(viewer: contracts.Viewer, **filters: Any) -> list[str]:
    return [row.name for row in accounts(viewer, filters=filters).rows]


def test_somebody_sees_the_firms_of_their_accounts_leads_and_deals(desk: Desk) -> None:
    acme, bolt, cask, dune = firms(desk, "Acme", "Bolt", "Cask", "Dune")
    leads_of(desk, acme, "kim"), leads_of(desk, bolt, "ola"), leads_of(desk, cask, "sam")
    people.change_company(company_id=dune, changes={"account_owner_id": desk.user("kim")}, **desk.kim)
    everything = ["Acme", "Bolt", "Cask", "Dune"]
    expected = {
        "kim": ["Acme", "Dune"],
        "ola": ["Bolt"],
        "ruth": ["Acme", "Bolt", "Dune"],  # the team's
        "ines": everything,
        "tomas": everything,
        "pia": [],  # a partner's wall
    }
    assert {name: seen(desk.viewer(name)) for name in expected} == expected
    assert account(desk.viewer("kim"), acme).name == "Acme"
    with pytest.raises(NotFound):
        account(desk.viewer("kim"), cask)
    with pytest.raises(NotFound):
        account(desk.viewer("ines"), 10**19)


def test_what_goes_on_with_a_firm_is_of_what_the_viewer_sees(desk: Desk) -> None:
    desk.rate("USD", date(2026, 1, 1), "0.50")
    acme, bolt = firms(desk, "Acme", "Bolt")
    first, second, third, fourth = leads_of(desk, acme, "kim", "kim", "kim", "kim")
    (other,) = leads_of(desk, acme, "sam")
    desk.deal(first.id, company_id=acme, amount=10_000)
    desk.deal(second.id, company_id=acme, amount=10_000, currency="USD")
    won, lost = desk.deal(third.id, company_id=acme, amount=7_000), desk.deal(fourth.id, company_id=acme)
    win(won, closed_on=desk.now.date(), **desk.acting)
    lose(lost, reason="price", outcomes={fourth.id: "lost"}, **desk.acting)
    desk.deal(other.id, company_id=acme, amount=500, currency="CHF")

    sums = account_sums(desk.viewer("grace"), [acme, bolt], now=desk.now)
    assert sums[bolt] == AccountSums()
    assert sums[acme].unconverted == ("CHF",)
    assert (sums[acme].leads, sums[acme].open_leads) == (5, 3)
    assert (sums[acme].open_deals, sums[acme].open_minor) == (3, 15_000)
    assert (sums[acme].won_deals, sums[acme].won_minor, sums[acme].lost_deals) == (1, 7_000, 1)
    mine = account_sums(desk.viewer("sam"), [acme], now=desk.now)[acme]
    assert (mine.leads, mine.open_deals, mine.open_minor, mine.won_deals) == (1, 1, 0, 0)


def test_firms_are_filtered_and_paged_in_order(desk: Desk) -> None:
    firms(desk, "Bolt & Söhne", "acme pumps", "Acme Tools", "Zinc", country="DE", industry="Machinery")
    (far,) = firms(desk, "Far Pumps", country="FR")
    (lead,) = leads_of(desk, far, "kim")
    ines = desk.viewer("ines")
    assert set(seen(ines, q="pumps")) == {"acme pumps", "Far Pumps"}
    assert seen(ines, q="pumps acme") == ["acme pumps"]
    assert seen(ines, q="100%") == []
    assert seen(ines, country="FR") == ["Far Pumps"]
    assert len(seen(ines, industry="machinery")) == 4
    assert seen(ines, having="leads") == ["Far Pumps"]
    assert seen(ines, having="deals") == []
    desk.deal(lead.id, company_id=far)
    assert seen(ines, having="deals") == ["Far Pumps"]
    assert seen(ines, having="won") == []
    people.change_company(company_id=far, changes={"account_owner_id": desk.user("kim")}, **desk.kim)
    assert seen(ines, owner=desk.user("kim")) == ["Far Pumps"]
    for wrong in ({"having": "money"}, {"size": 3}):
        with pytest.raises(Invalid):
            accounts(ines, filters=wrong)
    for sort in AccountSort:
        whole = [row.id for row in accounts(ines, filters={}, sort=sort).rows]
        paged, after = [], None
        for _ in range(4):
            page = accounts(ines, filters={}, sort=sort, after=after, limit=2)
            assert page.total == (5 if after is None else None)
            paged += [row.id for row in page.rows]
            after = page.next_cursor
            if after is None:
                break
        assert paged == whole, sort
    with pytest.raises(Invalid):
        accounts(ines, filters={}, sort=AccountSort.NAME, after="e30")


def test_lists_of_firms_take_the_same_queries_however_many(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "FRESH", float("inf"))
    leads_of(desk, firms(desk, "Acme")[0], "kim")
    ruth = desk.viewer("ruth")

    def look() -> None:
        found = accounts(ruth, filters={"q": "a"}).rows
        account_sums(ruth, [row.id for row in found], now=desk.now)

    few = counted(look)
    leads_of(desk, firms(desk, *[f"Acme {number}" for number in range(20)])[0], "kim", "ola")
    assert counted(look) == few <= 8
