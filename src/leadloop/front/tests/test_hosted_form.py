"""The hosted form: open to everybody, promises an answer, takes no more than the door would."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from leadloop.capture.contracts import Parsed, PortalKind, Unreadable
from leadloop.capture.queries import waiting
from leadloop.capture.services import claim, read
from leadloop.front.capture import hosted
from leadloop.front.tests.test_portal_pages import set_up
from leadloop.kernel import clock
from leadloop.ledger.contracts import Lane
from tests.support.cast import MONDAY, Cast

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(seconds=40)
PERSON = {"name": "Ann Berg", "email": "ann@berg.example", "message": "Please call me"}


@pytest.fixture(autouse=True)
def fresh_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosted, "_buckets", hosted.Buckets(rate=hosted.RATE, burst=hosted.BURST))


def opened(address: str = "/f/web-form", **headers: str) -> str:
    with clock.at(MONDAY):
        return Client().get(address, headers=headers).content.decode()


def hidden(page: str, name: str) -> str:
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page)
    assert found, name
    return found[1]


def send(page: str, address: str = "/f/web-form", *, headers: dict[str, str] | None = None, **changes: str) -> Any:
    given = {**PERSON, "started": hidden(page, "started"), "referrer": hidden(page, "referrer"), **changes}
    with clock.at(LATER):
        return Client().post(address, given, headers=headers or {})


def arrived() -> Parsed | Unreadable:
    parsed, unreadable = read(claimed=claim(lane=Lane.LIVE, limit=5, now=LATER), now=LATER)
    return (*parsed, *unreadable)[-1]


def test_a_person_is_promised_an_answer_and_heard(cast: Cast) -> None:
    set_up(cast, consent_wording="Yes, send me the newsletter.")
    page = opened()
    assert "You get an answer within 4 working hours." in page
    assert "Yes, send me the newsletter." in page
    assert "csrfmiddlewaretoken" not in page
    answer = send(page, consent="on")
    assert answer["Location"] == "/f/web-form/thanks"
    found = arrived()
    assert isinstance(found, Parsed)
    assert (found.candidate.email, found.message) == ("ann@berg.example", "Please call me")
    assert found.consent == "Yes, send me the newsletter."


def test_where_they_came_from_is_kept(cast: Cast) -> None:
    set_up(cast)
    address = "/f/web-form?utm_source=google&utm_campaign=spring"
    page = opened(address, referer="https://www.acme.example/pumps")
    send(page, address, headers={"referer": "http://localhost/f/web-form"})
    found = arrived()
    assert isinstance(found, Parsed)
    assert found.touch["utm_source"] == "google"
    assert found.touch["page"] == "https://www.acme.example/pumps"


def test_thanks_say_who_answers_by_when(cast: Cast) -> None:
    set_up(cast)
    with clock.at(MONDAY):
        page = Client().get("/f/web-form/thanks").content.decode()
    assert "Mira Costa or a colleague answers you by <b>Monday, 2 March, 14:00 (Berlin)</b>." in page


def test_what_is_not_about_buying_goes_to_its_place(cast: Cast) -> None:
    set_up(cast, "jobs", inquiry_kind="job")
    page = Client().get("/f/jobs/thanks").content.decode()
    assert "Viktor Hale looks after it." in page
    assert "answer within" not in opened("/f/jobs")


def test_whoever_leaves_no_way_to_answer_is_asked(cast: Cast) -> None:
    set_up(cast)
    answer = send(opened(), email="")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Please leave an e-mail address or a phone number" in page
    assert 'value="Ann Berg"' in page
    assert waiting() == 0


@pytest.mark.parametrize("bot", [{"homepage": "http://spam.example"}, {"started": "forged"}])
def test_a_bot_gets_the_same_thanks_and_is_held(cast: Cast, bot: dict[str, str]) -> None:
    set_up(cast)
    assert send(opened(), **bot).status_code == 302
    found = arrived()
    assert isinstance(found, Unreadable)
    assert found.code == "spam_suspected"


def test_one_address_sends_only_so_many(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    set_up(cast)
    monkeypatch.setattr(hosted, "monotonic", lambda: 0.0)  # however long it takes, no time passes
    page = opened()
    answers = [send(page) for _ in range(hosted.BURST + 1)]
    assert [answer.status_code for answer in answers].count(302) == hosted.BURST
    assert answers[-1].status_code == 429
    assert answers[-1]["Retry-After"] == "1"
    assert "Please wait a moment" in answers[-1].content.decode()


def test_pages_of_others_can_not_send_it(cast: Cast) -> None:
    set_up(cast, origins=("https://www.alder-finch.example",))
    page = opened()
    assert send(page, headers={"origin": "https://evil.example"}).status_code == 403
    assert send(page, headers={"origin": "null"}).status_code == 403
    assert send(page, headers={"origin": "https://www.alder-finch.example"}).status_code == 302
    assert waiting() == 1


@pytest.mark.parametrize("changes", [{"kind": PortalKind.SERVER}, {"is_on": False}, {"slug": "elsewhere"}])
def test_there_is_a_form_only_where_a_public_portal_is_open(cast: Cast, changes: dict[str, Any]) -> None:
    set_up(cast, **changes)
    for answer in (
        Client().get("/f/web-form"),
        Client().post("/f/web-form", PERSON),
        Client().get("/f/web-form/thanks"),
    ):
        assert answer.status_code == 404
        assert "This form is closed" in answer.content.decode()


def test_the_page_sets_no_cookie_and_names_nobody(cast: Cast) -> None:
    set_up(cast)
    answer = Client().get("/f/web-form", {"referrer": "<script>x</script>"}, headers={"referer": "<script>y</script>"})
    assert not answer.cookies
    page = answer.content.decode()
    assert "<script>x" not in page
    assert "<script>y" not in page
    assert "noindex" not in page
