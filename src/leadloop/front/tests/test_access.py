"""Who may open what: every address of the product for everybody of the cast, read from the addresses themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from leadloop.front.access import EVERYBODY
from leadloop.front.openly import PUBLIC
from leadloop.front.tests.pages import as_user
from leadloop.platform.queries import viewer
from tests.support.cast import PEOPLE, Cast

FOREIGN = "account/"  # allauth's own pages: signing in and out, passwords, two-factor
API = "api/"
OPEN_BY_NAME = {"unsubscribe/<str:token>"}  # whoever has the letter may unsubscribe
# What stands for a parameter in an address; nothing of that id needs to exist.
NUMBERS = (
    "lead_id",
    "opportunity_id",
    "undo_id",
    "agreement_id",
    "portal_id",
    "submission_id",
    "run_id",
    "user_id",
    "segment_id",
    "mailing_id",
    "view_id",
    "company_id",
    "notice_id",
    "assignment_id",
    "suggestion_id",
    "batch_id",
    "merge_id",
    "page_id",
    "entry_id",
)
SAMPLES = dict.fromkeys((*NUMBERS, "token_id", "person_id"), "1")
SAMPLES |= {"key": "web-form", "stage": "new", "slug": "web-form", "kind": "call", "verdict": "related", "name": "won"}
SAMPLES |= {"token": "x"}


@dataclass(frozen=True)
class Page:
    """One address with the right it asks for."""

    route: str
    view: Any

    @property
    def right(self) -> tuple[str, str]:
        return (PUBLIC, "see") if self.route in OPEN_BY_NAME else self.view.right

    @property
    def address(self) -> str:
        filled = self.route
        for name, value in SAMPLES.items():
            for kind in ("int:", "slug:", "str:", ""):
                filled = filled.replace(f"<{kind}{name}>", value)
        return "/" + filled


def every_page(resolver: URLResolver | None = None, before: str = "") -> Iterator[Page]:
    for one in (resolver or get_resolver()).url_patterns:
        route = before + _plain(one)
        if route.startswith(FOREIGN):
            continue
        if isinstance(one, URLResolver):
            yield from every_page(one, route)
        else:
            yield Page(route, one.callback)


def _plain(pattern: URLPattern | URLResolver) -> str:
    """The route as `path` writes it, also of the one pattern that is a regular expression."""
    text = str(pattern.pattern)
    return text if not text.startswith("^") else "leads/<int:lead_id>/log/<kind>"


PAGES = list(every_page())


def test_every_view_says_what_right_it_asks_for() -> None:
    assert len(PAGES) > 60
    silent = {page.route for page in PAGES if not hasattr(page.view, "right")}
    assert silent <= OPEN_BY_NAME
    assert [page.address for page in PAGES if "<" in page.address] == []


def test_only_what_outsiders_need_is_public() -> None:
    public = {page.route.split("/")[0] for page in PAGES if page.right[0] == PUBLIC}
    assert public == {"f", "p", "pictures", "api", "unsubscribe", "confirm", "setup", "health"}


@pytest.mark.django_db
def test_who_is_not_signed_in_gets_to_no_page(cast: Cast) -> None:
    opened = []
    for page in PAGES:
        answer = Client().get(page.address)
        if page.right[0] != PUBLIC and not answer.headers.get("Location", "").startswith("/account/login/"):
            opened.append((page.route, answer.status_code))
    assert opened == []


@pytest.mark.django_db
def test_the_api_answers_nobody_without_a_token(cast: Cast) -> None:
    opened = []
    for page in PAGES:
        if page.route.startswith(API) and not page.route.endswith("openapi.json"):
            codes = {Client().get(page.address).status_code, Client().post(page.address).status_code}
            if not codes <= {401, 403, 404, 405}:
                opened.append((page.route, codes))
    assert opened == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", PEOPLE)
def test_each_page_opens_exactly_for_those_with_the_right(cast: Cast, name: str) -> None:
    who, client = viewer(cast.user[name]), as_user(cast, name)
    wrong = []
    for page in PAGES:
        capability, verb = page.right
        if capability == PUBLIC:
            continue
        answer = client.get(page.address)
        if answer.status_code == 405:
            answer = client.post(page.address)
        may = capability == EVERYBODY or who.may(capability, verb)
        if may and not _opened(answer.status_code):
            wrong.append((page.route, answer.status_code, "should open"))
        if not may and answer.status_code != 403:
            wrong.append((page.route, answer.status_code, "should not open"))
    assert wrong == []


def _opened(status: int) -> bool:
    """Opened, or turned away for another reason than rights: nothing of that id, nothing to undo, a form to fill in."""
    return status in (200, 302, 404, 409, 422)
