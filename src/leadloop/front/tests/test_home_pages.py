"""Everybody's first page: what it says to whom, in how many statements, and what it says where nothing is known."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from leadloop.front.home.tabs import TABS, tabs_of
from leadloop.front.tests.pages import as_user
from leadloop.kernel import clock
from leadloop.leads.contracts import Stage
from leadloop.ledger.contracts import by_user
from leadloop.platform.models import User
from leadloop.platform.roles import Role
from leadloop.selling.services import install_pipeline
from leadloop.selling.tests.desk import Desk
from leadloop.tracking.forecast.services import SubmissionIn, submit
from tests.support.cast import Cast
from tests.support.statements import count


def open_home(client: Client, address: str = "/home") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def figures(html: str) -> dict[str, int]:
    found = re.findall(r'data-figure="(\d+)"[^>]*href="([^"]*)"', html)
    return {unescape(url): int(value) for value, url in found}


@pytest.fixture
def desk(db: None, cast: Cast) -> Desk:
    install_pipeline()
    return Desk(cast)


def neglected(desk: Desk) -> None:
    """Five open deals of Kim's: one healthy, one past its closing day, one without a step, one silent, one late."""
    leads = desk.leads_in(Stage.WORKING, ["kim"] * 5)
    today = desk.now.date()
    for lead, close_on, days in zip(leads, (90, -3, 90, 90, 90), (10, 10, 10, 10, -1), strict=True):
        desk.deal(
            lead.id,
            name=f"Deal {lead.id}",
            close_on=today + timedelta(days=max(close_on, 1)),
            next_step_at=desk.in_hours(24 * max(days, 1)),
        )
    with connection.cursor() as cursor:
        cursor.execute("update selling_opportunity set close_on = %s where name = %s",
                       [today - timedelta(days=3), f"Deal {leads[1].id}"])  # fmt: skip


def test_the_salesperson_sees_whom_first_and_why_and_what_is_in_danger(desk: Desk) -> None:
    neglected(desk)
    with clock.at(desk.now):
        html = open_home(as_user(desk.cast, "kim"))
        assert "Do first" in html
        assert "Closing date passed 3 days ago" in html
        assert "not said yet" in html  # nothing was committed to
        found = figures(html)
        assert found[f"/home/rows/deals-close-passed?owner={desk.cast.user['kim']}"] == 1
        assert found[f"/home/rows/deals-open?owner={desk.cast.user['kim']}"] == 5
        assert "You have no open deals" in open_home_of(desk, "ola")
    later = desk.now + timedelta(days=20)
    with clock.at(later):
        html = open_home(as_user(desk.cast, "kim"))
        assert figures(html)[f"/home/rows/deals-silent?owner={desk.cast.user['kim']}"] == 5


def open_home_of(desk: Desk, name: str) -> str:
    return open_home(as_user(desk.cast, name))


def test_the_gap_is_what_is_committed_less_what_is_won(desk: Desk) -> None:
    kim = desk.cast.user["kim"]
    month = desk.now.date().replace(day=1)
    submit([SubmissionIn(kim, month, 300_000, 400_000)], actor=by_user(kim), now=desk.now)
    with clock.at(desk.now):
        html = open_home_of(desk, "kim")
    assert "Still to win for it" in html
    assert "€3k" in html
    assert "not said yet" not in html


def test_somebody_sees_only_their_own_rows(desk: Desk) -> None:
    neglected(desk)
    kim = desk.cast.user["kim"]
    with clock.at(desk.now):
        page = f"/home/rows/deals-open?owner={kim}"
        assert 'data-rows-total="5"' in open_home(as_user(desk.cast, "kim"), page)
        assert 'data-rows-total="5"' in open_home(as_user(desk.cast, "ruth"), page)
        assert 'data-rows-total="0"' in open_home(as_user(desk.cast, "sam"), page)
        assert as_user(desk.cast, "kim").get("/home/rows/no-such-list").status_code == 404


def test_several_roles_have_tabs_and_each_opens(desk: Desk) -> None:
    User.objects.filter(id=desk.cast.user["grace"]).update(roles=["head_of_sales", "president", "salesperson"])
    with clock.at(desk.now):
        client = as_user(desk.cast, "grace")
        html = open_home(client)
        assert html.index("My sales") < html.index("My team") < html.index("The company")
        assert "By fiscal quarter" in open_home(client, "/home?as=president")
        assert "Do first" in open_home(client, "/home?as=money")  # not hers: her first one


def test_every_role_has_a_page_of_its_own() -> None:
    homeless = {role for role in Role if tabs_of(frozenset({role})) == ["pages"]}
    assert homeless == {Role.CONTENT_OWNER}
    assert {key for role in Role for key in tabs_of(frozenset({role}))} == set(TABS)


SAID_OF_NOTHING = {
    "kim": "Nothing waits for you",
    "mira": "Your queue is empty",
    "tomas": "No journey is published",
    "ruth": "There is no forecast yet",
    "ines": "Nothing is late",
    "helen": "There is no forecast yet",
    "viktor": "There is no forecast to book by yet",
    "ada": "None: everything could be handled",
}


@pytest.mark.parametrize("name", SAID_OF_NOTHING)
def test_what_is_not_known_is_said_in_words(desk: Desk, name: str) -> None:
    with clock.at(desk.now):
        html = unescape(open_home_of(desk, name))
    assert SAID_OF_NOTHING[name] in html
    assert "How is this computed?" in html or "How are these figures computed?" in html


@pytest.mark.parametrize("name", SAID_OF_NOTHING)
def test_statements_do_not_grow_with_the_rows(desk: Desk, name: str) -> None:
    def asked() -> int:
        with clock.at(desk.now), CaptureQueriesContext(connection) as seen:
            open_home_of(desk, name)
        return count(seen)

    neglected(desk)
    desk.leads_in(Stage.ASSIGNED, ["kim", "mira"])
    few = asked()
    neglected(desk)
    desk.leads_in(Stage.ASSIGNED, ["kim", "mira"] * 3)
    assert asked() == few


def test_the_first_address_leads_home(desk: Desk) -> None:
    answer = as_user(desk.cast, "kim").get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/home")
