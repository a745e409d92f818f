"""Somebody opens a form by their own link: it asks what they haven't answered, and tells nobody what they have."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from leadloop.capture import pages
from leadloop.capture.forms import Layout, Question, save_layout
from leadloop.capture.pages import Block, Copy, Kind, PageIn
from leadloop.capture.queries import inquiries, portal
from leadloop.front.capture import hosted
from leadloop.front.tests.test_hosted_form import hidden
from leadloop.kernel import clock
from leadloop.ledger.contracts import by_system, by_user
from leadloop.loop import merging
from leadloop.loop.erasing import erase
from leadloop.people.links import HOLDS, personal_key, read_key
from leadloop.people.queries import people, with_address
from tests.stories.house import House, open_house
from tests.support.cast import Cast

DANA = {"name": "Dana Ruiz", "email": "dana.ruiz@acme-pumps.example", "company": "Acme Pumps", "title": "Head of works"}
QUEUE = ("phone", "title", "budget", "pump_size", "timing")
LAYOUT = Layout(
    questions=(
        Question(key="email", label="E-mail"),
        Question(key="name", label="Name"),
        *(Question(key=key, label=f"Your {key}", queued=True) for key in QUEUE),
    ),
    at_once=2,
)


@pytest.fixture
def house(fresh_db: str, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(hosted, "_buckets", hosted.Buckets(rate=hosted.RATE, burst=100))
    house = open_house(cast)
    save_layout(portal_id=portal("web-form").id, layout=LAYOUT, actor=by_system("test"), now=house.now)
    return house


def known(house: House, **more: str) -> int:
    """Dana has asked before; her id."""
    house.inquire(**DANA, **more)
    house.run()
    return _dana()


def _dana() -> int:
    return with_address(DANA["email"])[0]


def opened(house: House, address: str) -> str:
    with clock.at(house.now):
        answer = Client().get(address)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    return answer.content.decode()


def queue_of(page: str) -> list[str]:
    return [name for name in re.findall(r'<(?:input|textarea)[^>]*name="([^"]+)"', page) if name in QUEUE]


def link(house: House, person_id: int, place: str = "/f/web-form") -> str:
    return f"{place}/for/{personal_key(person_id, now=house.now)}"


def send(house: House, address: str, page: str, **said: str) -> None:
    given = {"started": hidden(page, "started"), "referrer": "", "name": "Dana Ruiz", "email": DANA["email"], **said}
    house.wait(minutes=1)
    with clock.at(house.now):
        assert Client().post(address, given)["Location"] == "/f/web-form/thanks"
    house.run()


def test_it_asks_the_next_questions_until_none_is_left(house: House) -> None:
    address = link(house, known(house))
    page = opened(house, address)
    assert queue_of(page) == ["phone", "budget"]  # her title is known
    send(house, address, page, phone="+49 30 5550123", budget="20,000")
    page = opened(house, address)
    assert queue_of(page) == ["pump_size", "timing"]
    send(house, address, page, pump_size="Large")
    page = opened(house, address)
    assert queue_of(page) == ["timing"]
    send(house, address, page, timing="May")
    assert queue_of(opened(house, address)) == []
    person = people([_dana()])[_dana()]
    assert person.attributes["pump_size"] == "Large"
    assert len(inquiries(person_ids=[person.id])) == 4
    assert house.breaches() == []


def test_whoever_it_was_sent_on_to_learns_nothing_of_her(house: House) -> None:
    page = opened(house, link(house, known(house, phone="+49 30 5550123", budget="20,000", pump_size="Large")))
    for secret in ("Dana", "Ruiz", "dana.ruiz", "Acme Pumps", "Head of works", "5550123", "20,000", "Large"):
        assert secret not in page


def test_the_typed_address_decides_whose_inquiry_it_is(house: House) -> None:
    person_id = known(house)
    before = people([person_id])[person_id]
    address = link(house, person_id)
    send(
        house,
        address,
        opened(house, address),
        name="Ann Berg",
        email="ann@berg.example",
        budget="9",
        phone="030 1234567",
    )
    ann = with_address("ann@berg.example")[0]
    assert ann != person_id
    assert [one.answers for one in inquiries(person_ids=[ann])] == [{"budget": "9"}]
    assert people([person_id])[person_id] == before
    assert len(inquiries(person_ids=[person_id])) == 1
    assert queue_of(opened(house, address)) == ["phone", "budget"]


def test_a_link_that_holds_no_more_opens_the_form_as_anybody_sees_it(house: House) -> None:
    person_id = known(house)
    address = link(house, person_id)
    page = opened(house, address)
    house.wait(seconds=HOLDS.total_seconds())
    for gone in (address, address[:-1], "/f/web-form/for/anyone", link(house, person_id + 1000)):
        with clock.at(house.now):
            answer = Client().get(f"{gone}?utm_source=news")
        assert answer["Location"] == "/f/web-form?utm_source=news"
    plain = Client().get("/f/web-form").content.decode()
    assert queue_of(plain) == ["phone", "title"]
    send(house, address, page, budget="20,000")  # it was opened while it held: what was asked is taken
    assert inquiries(person_ids=[person_id])[0].answers == {"budget": "20,000"}


def test_the_link_of_somebody_merged_knows_what_the_survivor_answered(house: House) -> None:
    survivor = known(house)
    house.inquire(email="d.ruiz@post.example", name="D. Ruiz", budget="20,000")
    house.run()
    (merged,) = with_address("d.ruiz@post.example")
    address = link(house, merged)
    assert queue_of(opened(house, address)) == ["phone", "title"]
    merging.join(survivor, merged, actor=by_system("test"), now=house.now)
    assert queue_of(opened(house, address)) == ["phone", "pump_size"]


def test_the_link_of_somebody_erased_is_nobodys(house: House) -> None:
    person_id = known(house)
    address = link(house, person_id)
    erase(
        person_id=person_id, reason="requested", ending="no_need", actor=by_user(house.cast.user["ada"]), now=house.now
    )
    with clock.at(house.now):
        assert Client().get(address)["Location"] == "/f/web-form"


def test_a_landing_page_asks_the_same_way(house: House) -> None:
    person_id = known(house)
    copy = Copy(title="Quiet pumps", blocks=(Block(kind=Kind.FORM, portal_id=portal("web-form").id),))
    page_id = pages.save_page(page=PageIn(slug="quiet-pumps", copy=copy), now=house.now)
    pages.publish(page_id=page_id, actor=by_system("test"), now=house.now)
    address = link(house, person_id, "/p/quiet-pumps")
    page = opened(house, f"{address}?utm_source=news")
    assert queue_of(page) == ["phone", "budget"]
    send(house, f"{address}?utm_source=news", page, budget="20,000")
    newest = inquiries(person_ids=[person_id])[0]
    assert newest.touch["landing_page"].endswith("/p/quiet-pumps?utm_source=news")  # without the key
    assert pages.tallies()[page_id].inquiries == 1
    with clock.at(house.now):
        assert Client().get("/p/quiet-pumps/for/anyone")["Location"] == "/p/quiet-pumps"


def test_a_key_is_good_for_its_person_and_its_time(house: House) -> None:
    key = personal_key(7, now=house.now)
    assert read_key(key, now=house.now + HOLDS - timedelta(seconds=1)) == 7
    assert read_key(key, now=house.now + HOLDS) is None
    assert read_key(f"{key}x", now=house.now) is None
