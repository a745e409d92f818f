"""Consent that counts only once it was confirmed by mail: asked once a day, of the known too, never by a scanner."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from leadloop.capture.forms import STANDARD, save_layout
from leadloop.capture.queries import portal
from leadloop.front.tests.pages import as_user
from leadloop.kernel import clock
from leadloop.leads.queries import open_of
from leadloop.ledger.contracts import Lane
from leadloop.ledger.queries import parked
from leadloop.ledger.sql import fetch
from leadloop.loop import intake, merging
from leadloop.loop.erasing import erase
from leadloop.outreach import services as outreach
from leadloop.outreach.contracts import Draft, Purpose
from leadloop.outreach.tests.post import post_office
from leadloop.people import services as people
from leadloop.people.contracts import Asked, Channel, ConsentWord, Suppress
from leadloop.people.queries import confirmations_of, consents, with_address
from leadloop.people.rules.asking import VALID
from tests.stories.house import SETUP, House
from tests.stories.test_sets import statements

WORDS = "Yes, send me news about pumps by e-mail."
DANA = {"name": "Dana Ruiz", "email": "dana@acme-pumps.example", "message": "Two pumps, please", "_elapsed": "30"}
AGREES = DANA | {"consent": "yes", "consent_wording": WORDS}


@pytest.fixture
def asking(house: House) -> House:
    """The portal of the web form asks by mail before a consent counts."""
    house.set_portal("web-form", double_opt_in=True, consent_wording=WORDS)
    return house


def come(house: House, **body: Any) -> None:
    house.inquire(**body)
    house.run()


def dana() -> int:
    (person_id,) = with_address("dana@acme-pumps.example")
    return person_id


def mails() -> list[tuple[str, str]]:
    """Language and text of each mail that asks, in their order."""
    return fetch("select language, text from outreach_message where template_key = 'confirm_consent' order by id")


def link(nth: int = -1) -> str:
    """The path in one of the mails."""
    found = re.search(r"/confirm/\S+", mails()[nth][1])
    assert found
    return found[0].rstrip(")")


def ruling(person_id: int) -> list[tuple[str, str]]:
    return [(one.state, one.wording) for one in consents([person_id])[person_id]]


def news(house: House, person_id: int) -> str:
    """Why a marketing mail does not go out, "" where it does."""
    draft = Draft(
        occasion=f"news:{house.now}", purpose=Purpose.MARKETING, subject="News", text="News", person_id=person_id
    )
    outreach.queue([draft], actor=SETUP, now=house.now)
    with post_office() as office:
        outreach.deliver(limit=50, now=house.now, sender=office.sender)
    ((state, detail),) = fetch(
        "select state, detail from outreach_message where purpose = 'marketing' order by id desc limit 1"
    )
    return "" if state == "sent" else detail


def confirm(house: House, path: str, method: str = "post", **headers: str) -> Any:
    with clock.at(house.now):
        return getattr(Client(), method)(path, headers=headers)


def test_nothing_is_allowed_until_it_is_confirmed_and_sales_go_on_meanwhile(asking: House) -> None:
    come(asking, **AGREES)
    assert len(open_of([dana()])) == 1
    assert (ruling(dana()), news(asking, dana())) == ([], "no_consent")
    assert WORDS in mails()[0][1]
    answer = confirm(asking, link())
    assert "We may write to you from now on." in answer.content.decode()
    assert ruling(dana()) == [("given", WORDS)]
    asking.wait(hours=1)
    assert news(asking, dana()) == ""
    (kept,) = confirmations_of([dana()])
    assert (kept.state(asking.now), kept.wording) == (Asked.CONFIRMED, WORDS)
    assert fetch("select confirmed_from <> '' from people_confirmation") == [(True,)]
    assert (parked(), asking.breaches()) == ([], [])


def test_scanners_that_follow_every_link_confirm_nothing(asking: House) -> None:
    come(asking, **AGREES)
    for method in ("get", "head", "get", "options"):
        confirm(asking, link(), method, **{"User-Agent": "Mimecast", "Purpose": "prefetch"})
    assert ruling(dana()) == []
    page = confirm(asking, link(), "get").content.decode()
    assert WORDS in page
    assert '<form method="post"' in page
    for _ in range(2):
        confirm(asking, link())
    assert ruling(dana()) == [("given", WORDS)]
    assert fetch("select count(*) from people_consent") == [(1,)]


def test_a_known_address_is_asked_too(asking: House) -> None:
    asking.set_portal("web-form", consent_wording=WORDS)
    come(asking, **DANA)
    come(asking, **AGREES)
    assert (ruling(dana()), mails()) == ([("given", WORDS)], [])  # as long as the portal asks nobody
    asking.set_portal("web-form", double_opt_in=True, consent_wording=WORDS)
    asking.wait(days=2)
    come(asking, **AGREES)
    assert len(mails()) == 1
    assert news(asking, dana()) == ""  # what was allowed before stands: a stranger can't take it away
    confirm(asking, link())
    asking.wait(days=2)
    come(asking, **AGREES)
    assert len(mails()) == 1  # these very words are confirmed
    asking.set_portal("web-form", double_opt_in=True, consent_wording="Yes, and news about valves.")
    come(asking, **AGREES | {"consent_wording": "Yes, and news about valves."})
    assert len(mails()) == 2


def test_a_hundred_submissions_send_one_mail(asking: House) -> None:
    for number in range(100):
        asking.inquire(**AGREES | {"message": f"Number {number}"})
    asking.run()
    come(asking, **AGREES)
    assert len(mails()) == 1
    asking.wait(hours=23)
    come(asking, **AGREES | {"name": "Somebody Else"})
    assert len(mails()) == 1
    asking.wait(hours=2)
    come(asking, **AGREES)
    assert len(mails()) == 2


def test_a_link_ends_and_the_next_inquiry_brings_a_new_one(asking: House) -> None:
    come(asking, **AGREES)
    asking.now += VALID
    assert "too old" in confirm(asking, link()).content.decode()
    assert ruling(dana()) == []
    come(asking, **AGREES)
    assert "Thank you" in confirm(asking, link()).content.decode()
    assert ruling(dana()) == [("given", WORDS)]
    assert [one.state(asking.now) for one in confirmations_of([dana()])] == [Asked.CONFIRMED, Asked.EXPIRED]


def test_who_unsubscribed_is_written_to_again_once_they_confirm(asking: House) -> None:
    come(asking, **DANA)
    barred = Suppress(
        channel=Channel.EMAIL, norm="dana@acme-pumps.example", reason="unsubscribed", purpose=Purpose.MARKETING
    )
    word = ConsentWord(person_id=dana(), channel=Channel.EMAIL, purpose=Purpose.MARKETING)
    people.withdraw_consent([word], actor=SETUP, now=asking.now)
    people.suppress([barred], actor=SETUP, now=asking.now)
    asking.wait(hours=1)
    come(asking, **AGREES)
    assert news(asking, dana()) == "suppressed"
    confirm(asking, link())
    asking.wait(hours=1)
    assert news(asking, dana()) == ""
    assert asking.breaches() == []


def test_it_is_asked_in_the_language_of_the_form(asking: House) -> None:
    layout = replace(STANDARD, language="de")
    save_layout(portal_id=portal("web-form").id, layout=layout, actor=SETUP, now=asking.now)
    come(asking, **AGREES)
    ((language, text),) = mails()
    assert (language, "Ja, ich willige ein" in text) == ("de", True)
    assert '<html lang="de"' in confirm(asking, link(), "get").content.decode()


def test_a_stranger_cannot_put_words_into_our_mail(asking: House) -> None:
    come(asking, **AGREES | {"consent_wording": "Win a prize at https://evil.example"})
    assert "evil" not in mails()[0][1]
    assert WORDS in mails()[0][1]


def test_history_asks_nobody(asking: House) -> None:
    come(asking, **AGREES | {"created_at": "2025-01-05T10:00:00Z"})
    assert mails() == []
    assert ruling(dana()) == [("given", WORDS)]


def test_a_link_that_is_not_ours_opens_nothing(asking: House) -> None:
    come(asking, **AGREES)
    for path in ("/confirm/1", "/confirm/1:forged", link()[:-3]):
        assert "nothing to confirm" in confirm(asking, path).content.decode()
    assert ruling(dana()) == []


def test_nobody_confirms_for_the_erased(asking: House) -> None:
    come(asking, **AGREES)
    path, person_id = link(), dana()
    erase(person_id=person_id, reason="requested", ending="no_need", actor=SETUP, now=asking.now)
    assert "nothing to confirm" in confirm(asking, path).content.decode()
    assert ruling(person_id) == []


def test_a_merge_takes_the_question_along_and_an_unmerge_gives_nothing_away(asking: House) -> None:
    come(asking, **DANA | {"email": "d.ruiz@home.example"})
    (other,) = with_address("d.ruiz@home.example")
    come(asking, **AGREES)
    first = dana()
    merge_id = merging.join(other, first, actor=SETUP, now=asking.now)
    asking.wait(days=2)
    come(asking, **AGREES)
    asking.set_portal("web-form", consent_wording=WORDS)  # asks nobody any more
    merging.part(merge_id, answers={}, actor=SETUP, now=asking.now)
    assert (ruling(other), ruling(first)) == ([], [])
    assert confirm(asking, link(0)).status_code == 200
    assert (ruling(other), ruling(first)) == ([], [("given", WORDS)])


def test_asking_one_and_two_hundred_takes_the_same_statements(asking: House) -> None:
    def taken(count: int, tag: str) -> int:
        for number in range(count):
            asking.inquire(**AGREES | {"name": f"P {tag}{number}", "email": f"{tag}{number}@free{tag}{number}.example"})
        with clock.at(asking.now):
            return len(statements(lambda: intake.take(Lane.LIVE, limit=1000)))

    taken(1, "warm")
    one = taken(1, "one")
    assert taken(200, "many") == one


def test_pages_show_how_it_stands(asking: House) -> None:
    come(asking, **AGREES)
    number = portal("web-form").id
    with clock.at(asking.now):
        browser = as_user(asking.cast, "ada")
        shown = browser.get(f"/portals/{number}").content.decode()
        assert f'<a href="/portals/{number}/consents?state=waiting">1</a>' in shown
        rows = browser.get(f"/portals/{number}/consents?state=waiting").content.decode()
        assert "Dana Ruiz" in rows
        assert "Not confirmed yet" in rows
        assert "Dana Ruiz" not in browser.get(f"/portals/{number}/consents?state=confirmed").content.decode()
        assert "Asked by mail, not confirmed yet: marketing" in browser.get(f"/persons/{dana()}").content.decode()
        (lead,) = open_of([dana()])
        assert "asked by mail, not confirmed yet" in browser.get(f"/leads/{lead.id}").content.decode()
    asking.wait(days=1)
    confirm(asking, link())
    asking.now += timedelta(minutes=1)
    with clock.at(asking.now):
        assert "Confirmed by mail: marketing" in browser.get(f"/persons/{dana()}").content.decode()
