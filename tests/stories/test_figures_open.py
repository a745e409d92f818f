"""Promise 9: every figure on a page leads to its rows, and there are as many of them as it says."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from leadloop.kernel import clock
from leadloop.ledger.contracts import by_user
from leadloop.platform.models import User
from leadloop.platform.queries import viewer
from leadloop.segments.contracts import NewSegment, Subject
from leadloop.segments.services import save
from leadloop.selling.queries import accounts

FIGURE = re.compile(r'<a class="[^"]*fig[^"]*"[^>]*>|<a [^>]*data-figure="[^"]*"[^>]*>')
HOMES = (
    "salesperson", "inside_sales", "sales_manager", "head_of_sales", "marketer", "head_of_lead_management", "president",
    "cfo", "admin",
)  # fmt: skip
MORE = {"inside_sales": ("/calls",), "salesperson": ("/calls",)}
PAGES = (
    "/loop?p=7",
    "/loop?p=30",
    "/loop?p=90",
    "/programmes?p=30",
    "/programmes?p=90",
    "/portals",
    "/system",
    "/companies?having=leads",
)


def figures(html: str) -> set[tuple[int, str]]:
    found = set()
    for tag in FIGURE.findall(html):
        value, url = re.search(r'data-figure="(-?\d+)"', tag), re.search(r'href="([^"]*)"', tag)
        if value and url:
            found.add((int(value[1]), unescape(url[1])))
    return found


@pytest.fixture
def client_of_the_house(demo_db: str) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.filter(roles__contains=["head_of_lead_management"])[0])
    return client


def segments_of(user: User) -> list[str]:
    """Pages of a segment of leads and one of people."""
    kept = []
    for subject, facet in ((Subject.LEAD, "lead.fit"), (Subject.PERSON, "person.known_since")):
        new = NewSegment(
            name=facet, subject=subject, criteria={"all": [{"facet": facet, "op": "is_set"}]}, owner_id=user.pk
        )
        kept.append(save(segment=new, actor=by_user(user.pk), now=clock.now()))
    return [f"/segments/{segment_id}" for segment_id in kept]


def company_with_a_deal() -> str:
    keeper = viewer(User.objects.filter(roles__contains=["head_of_lead_management"])[0].pk)
    return f"/companies/{accounts(keeper, filters={'having': 'deals'}, limit=1).rows[0].id}"


def test_every_figure_opens_as_many_rows_as_it_says(client_of_the_house: Client) -> None:
    followed, wrong = 0, []
    keeper = User.objects.filter(roles__contains=["head_of_lead_management"])[0]
    for page in (*PAGES, *segments_of(keeper), company_with_a_deal()):
        answer = client_of_the_house.get(page)
        if answer.status_code == 403:
            continue
        assert answer.status_code == 200, page
        opened = amiss(client_of_the_house, page, answer.content.decode())
        followed += len(opened)
        wrong += [one for one in opened if one]
    assert wrong == []
    assert followed > 40


def amiss(client: Client, page: str, html: str) -> list[str]:
    """What is wrong with each figure of a page, "" for those that open as many rows as they say."""
    found = []
    for value, url in sorted(figures(html)):
        rows = client.get(url)
        total = re.search(r'data-rows-total="(\d+)"', rows.content.decode())
        right = rows.status_code == 200 and total is not None and int(total[1]) == value
        there = total[1] if total else rows.status_code
        found.append("" if right else f"{page}: {value} at {url}, there {there}")
    return found


def test_every_figure_of_every_role_opens_for_those_who_see_it(demo_db: str) -> None:
    followed = dict.fromkeys(HOMES, 0)
    for role in HOMES:
        client = Client(SERVER_NAME="localhost")
        client.force_login(User.objects.filter(roles__contains=[role]).order_by("id")[0])
        for page in ("/home", "/home?p=7", "/home?p=90", *MORE.get(role, ())):
            answer = client.get(page)
            assert answer.status_code == 200, (role, page)
            opened = amiss(client, page, answer.content.decode())
            assert [one for one in opened if one] == [], role
            followed[role] += len(opened)
    assert min(count for role, count in followed.items() if role != "admin") >= 3, followed
