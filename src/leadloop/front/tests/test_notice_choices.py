"""Everybody chooses on a page of their own what they get by e-mail, and at which hours."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from leadloop.front.notices.choosing import ABOUT, topics
from leadloop.front.tests.pages import as_user
from leadloop.kernel import clock
from leadloop.loop.notices.choosing import choices
from leadloop.loop.notices.contracts import Topic, Way
from leadloop.platform.queries import viewer
from tests.support.cast import MONDAY, Cast
from tests.support.statements import asked


@pytest.fixture
def kim(db: None, cast: Cast) -> Iterator[Client]:
    with clock.at(MONDAY):
        yield as_user(cast, "kim")


def chosen(**changed: str) -> dict[str, str]:
    usual = {"lead": "mail", "late": "page", "back": "page", "watch": "mail", "appeal": "page", "reply": "mail"}
    usual |= {"waits": "on"}
    return {key: value for key, value in {**usual, **changed}.items() if value}


def test_every_topic_has_its_words() -> None:
    assert set(ABOUT) == set(Topic)


def test_what_is_chosen_is_kept_and_shown(kim: Client, cast: Cast) -> None:
    page = kim.get("/me/notices").content.decode()
    assert "Usual for your role: by e-mail at once." in page
    assert page.count("<select") == 6  # imports and stopped mailings are nothing for Kim
    answer = kim.post("/me/notices", chosen(back="daily", waits=""), follow=True)
    page = answer.content.decode()
    assert "Saved." in page
    assert '<option value="daily" selected>' in page
    choice = choices([cast.user["kim"]])[cast.user["kim"]]
    assert (choice.ways[Topic.BACK], choice.ways[Topic.LEAD], choice.any_hour) == (Way.DAILY, Way.MAIL, True)
    kim.post("/me/notices", chosen())
    choice = choices([cast.user["kim"]])[cast.user["kim"]]
    assert (choice.ways[Topic.BACK], choice.any_hour) == (Way.PAGE, False)


def test_nonsense_is_refused_in_words(kim: Client, cast: Cast) -> None:
    answer = kim.post("/me/notices", chosen(late="pigeon"))
    assert answer.status_code == 422
    assert "pigeon" in answer.content.decode()
    assert choices([cast.user["kim"]])[cast.user["kim"]].ways[Topic.LATE] is Way.PAGE


def test_it_is_the_viewers_own_choice(kim: Client, cast: Cast) -> None:
    kim.post("/me/notices", chosen(lead="weekly"))
    assert choices([cast.user["ola"]])[cast.user["ola"]].ways[Topic.LEAD] is Way.MAIL


@pytest.mark.django_db
def test_who_makes_mailings_and_imports_is_asked_about_them(cast: Cast) -> None:
    assert {Topic.MAILING, Topic.IMPORT} <= set(topics(viewer(cast.user["tomas"])))
    assert Topic.MAILING not in topics(viewer(cast.user["pia"]))


def test_the_page_is_found_from_the_notices_and_from_ones_own(kim: Client) -> None:
    assert "/me/notices" in kim.get("/notifications").content.decode()
    assert "/me/notices" in kim.get("/me").content.decode()


def test_it_takes_few_statements(kim: Client) -> None:
    assert asked(kim, "/me/notices") <= 12
