"""A forgotten password: a link by mail where there is mail, and plain words where there is none."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client

from leadloop.platform.config import Config
from tests.support.cast import Cast

pytestmark = pytest.mark.django_db
PAGE = "/account/password/reset/"


@pytest.fixture
def with_mail(settings: Any) -> None:
    settings.CONFIG = Config(email_url="smtp://127.0.0.1:25")


def test_without_mail_the_page_says_who_helps(cast: Cast, settings: Any) -> None:
    settings.CONFIG = Config(email_url=None)
    html = Client().get(PAGE).content.decode()
    assert "No mail is configured here, so no link can be sent" in html
    assert "<form" not in html
    answer = Client().post(PAGE, {"email": "kim@alder-finch.example"}, follow=True)
    assert "No link was sent" in answer.content.decode()


def test_with_mail_a_link_leads_to_a_new_password(cast: Cast, with_mail: None) -> None:
    get_user_model().objects.filter(pk=cast.user["kim"]).update(password="!")
    user = get_user_model().objects.get(pk=cast.user["kim"])
    user.set_password("what-was-it-41-again")
    user.save()
    assert PAGE in Client().get("/account/login/").content.decode()
    answer = Client().post(PAGE, {"email": "kim@alder-finch.example"}, follow=True)
    assert "Look into your mail" in answer.content.decode()
    (letter,) = mail.outbox
    assert letter.to == ["kim@alder-finch.example"]
    link = re.search(r"https?://[^/]+(/\S+)", str(letter.body))
    assert link
    client = Client()
    asked = client.get(link[1], follow=True)
    new = {"password1": "a-better-one-42-horses", "password2": "a-better-one-42-horses"}
    client.post(asked.redirect_chain[-1][0], new)
    assert Client().login(email="kim@alder-finch.example", password=new["password1"])


def test_strangers_get_the_same_answer_and_no_mail(cast: Cast, with_mail: None) -> None:
    answer = Client().post(PAGE, {"email": "nobody@else.example"}, follow=True)
    assert "Look into your mail" in answer.content.decode()
    assert mail.outbox == []
