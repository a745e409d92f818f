"""Promise 9: every figure on a page leads to its rows, and there are as many of them as it says."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from leadloop.kernel import clock
from leadloop.ledger.contracts import by_user
from leadloop.platform.models import User
from leadloop.segments.contracts import NewSegment, Subject
from leadloop.segments.services import save

FIGURE = re.compile(r'<a class="[^"]*fig[^"]*"[^>]*>|<a [^>]*data-figure="[^"]*"[^>]*>')
PAGES = ("/loop?p=7", "/loop?p=30", "/loop?p=90", "/programmes?p=30", "/programmes?p=90", "/portals", "/system")


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


def test_every_figure_opens_as_many_rows_as_it_says(client_of_the_house: Client) -> None:
    followed, wrong = 0, []
    keeper = User.objects.filter(roles__contains=["head_of_lead_management"])[0]
    for page in (*PAGES, *segments_of(keeper)):
        answer = client_of_the_house.get(page)
        if answer.status_code == 403:
            continue
        assert answer.status_code == 200, page
        for value, url in sorted(figures(answer.content.decode())):
            rows = client_of_the_house.get(url)
            total = re.search(r'data-rows-total="(\d+)"', rows.content.decode())
            followed += 1
            if rows.status_code != 200 or total is None or int(total[1]) != value:
                wrong.append(f"{page}: {value} at {url}, there {total[1] if total else rows.status_code}")
    assert wrong == []
    assert followed > 40
