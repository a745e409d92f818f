"""Adding people of one's own: pasted, shown row by row with who is known, mended, taken in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.front.tests.pages import as_user
from leadloop.kernel import clock
from leadloop.leads.contracts import Stage
from leadloop.leads.queries import open_of, worklist
from leadloop.ledger.sql import fetch
from leadloop.people.queries import people, with_address
from tests.stories.house import House, open_house
from tests.stories.test_prospecting import find, open_prospecting
from tests.support.cast import Cast
from tests.support.statements import count

pytestmark = pytest.mark.django_db
TABLE = (
    "Name\tE-mail\tCompany\tShoe size\n"
    "Dana Ruiz\tdana@acme.example\tAcme Pumps\t44\n"
    "Bo Lind\tbo@lind.example\tLind\t"
)  # fmt: skip
PROFILE = "https://www.linkedin.com/in/dana-ruiz-4b5a21a9"


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    opened = open_house(cast)
    with clock.at(opened.now):
        open_prospecting(opened)
        yield opened


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def paste(house: House, text: str, by: str = "kim") -> str:
    return text_of(as_user(house.cast, by).post("/prospects/read", {"text": text}))


def row(place: int = 0, **said: str) -> dict[str, str]:
    given = {"take": "on", "full_name": "Dana Ruiz", "email": "dana@acme.example", "company": "Acme Pumps", **said}
    return {f"r{place}-{name}": text for name, text in given.items() if text}


def add(house: House, *rows: dict[str, str], by: str = "kim", follow: bool = False, **then: str) -> Any:
    common = {"count": str(len(rows)), "token": "t", "portal": "prospecting", "basis": "legitimate_interest", **then}
    sent = {name: text for one in (common, *rows) for name, text in one.items()}
    return as_user(house.cast, by).post("/prospects/add", sent, follow=follow)


def test_a_paste_is_shown_row_by_row_and_nothing_is_kept(house: House) -> None:
    page = paste(house, TABLE)
    assert re.search(
        r'name="r0-email"[^>]*value="dana@acme.example"|value="dana@acme.example"[^>]*name="r0-email"', page
    )
    assert "Shoe size: 44" in page
    assert "new here" in page
    assert fetch("select count(*) from capture_submission") == [(0,)]


def test_who_is_added_is_on_the_finders_lead_page_with_role_and_next_step(house: House) -> None:
    answer = add(
        house, row(buying_role="decision_maker", message="Met at the fair", social=PROFILE), next_step_note="Call",
        next_step_at="2026-03-03T10:00",
    )  # fmt: skip
    (lead,) = worklist(house.viewer("kim"), now=house.now).rows
    assert (answer["Location"], lead.stage) == (f"/leads/{lead.id}", Stage.WORKING)
    page = text_of(as_user(house.cast, "kim").get(f"/leads/{lead.id}"))
    assert "decision maker" in page
    assert "Met at the fair" in page
    assert "legitimate interest" in page
    assert f'<a href="{PROFILE}">{PROFILE}</a>' in page
    assert people([lead.person_id])[lead.person_id].company_name == "Acme Pumps"


def test_several_are_added_and_those_unticked_are_not(house: House) -> None:
    page = text_of(
        add(house, row(), row(1, full_name="Bo Lind", email="bo@lind.example"), row(2, take="", email="no@x.example"),
            follow=True)
    )  # fmt: skip
    assert "2 new leads." in page
    assert with_address("no@x.example") == []


def test_a_guessed_name_is_shown_as_a_guess_and_must_be_confirmed(house: House) -> None:
    page = paste(house, PROFILE)
    assert "Dana Ruiz is their name" in page
    assert "Guessed from the address of the profile." in page
    guessed = {"guess": "Dana Ruiz", "email": "", "social": PROFILE}
    refused = add(house, row(**guessed))
    assert refused.status_code == 422
    assert "This name is guessed from the address." in text_of(refused)
    assert add(house, row(**guessed, sure="on")).status_code == 302
    (lead,) = worklist(house.viewer("kim"), now=house.now).rows
    assert people([lead.person_id])[lead.person_id].name == "Dana Ruiz"


def test_a_colleagues_lead_is_shown_and_only_added_to_where_asked(house: House) -> None:
    find(house, {"full_name": "Dana Ruiz", "email": "dana@acme.example"}, by="ola")
    page = paste(house, TABLE)
    assert "Ola Novak has their lead: General" in page
    assert "somebody else&#x27;s" in page
    unseen = add(house, row())
    assert unseen.status_code == 422
    assert "they are not as they were shown" in text_of(unseen)
    left = text_of(add(house, row(seen="theirs"), follow=True))
    assert "Dana Ruiz was left out: Ola Novak has the lead." in left
    text = text_of(add(house, row(seen="theirs", to_theirs="on", phone="+49 30 5550123"), token="u", follow=True))
    assert "1 added to a lead that is open." in text
    (lead,) = open_of(with_address("dana@acme.example"))
    assert (lead.owner_id, lead.touches) == (house.cast.user["ola"], 2)


def test_looking_again_keeps_what_was_typed_and_stores_nothing(house: House) -> None:
    page = text_of(add(house, row(message="From the fair"), look="1"))
    assert "From the fair" in page
    assert "new here" in page
    assert fetch("select count(*) from capture_submission") == [(0,)]


@pytest.mark.parametrize(
    ("said", "then", "says"),
    [
        ({"email": "dana@"}, {}, "This is no e-mail address."),
        ({}, {"next_step_note": "Call"}, "Say when."),
        ({}, {"portal": "web-form"}, "Select a valid choice."),
        ({"email": "", "company": ""}, {}, "There is no e-mail address, phone number or profile"),
    ],
)
def test_mistakes_are_said_and_nothing_typed_is_lost(
    house: House, said: dict[str, str], then: dict[str, str], says: str
) -> None:
    answer = add(house, row(title="Head of Operations", **said), **then)
    page = text_of(answer)
    assert (answer.status_code, says in page, "Head of Operations" in page) == (422, True, True)
    assert fetch("select count(*) from capture_submission") == [(0,)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "There is nothing to read."),
        ("x" * 100_001, "This is too long to be read at once."),
        ("\n".join(f"p{n}@x.example" for n in range(101)), "These are 101 people, and at most 100"),
    ],
)
def test_what_can_not_be_read_is_said(house: House, text: str, says: str) -> None:
    answer = as_user(house.cast, "kim").post("/prospects/read", {"text": text})
    assert (answer.status_code, says in text_of(answer)) == (422, True)


def test_without_a_portal_the_page_says_who_opens_one(house: House) -> None:
    open_prospecting(house, is_on=False)
    assert "No portal takes them in yet" in text_of(as_user(house.cast, "kim").get("/prospects"))
    assert add(house, row()).status_code == 422


def test_behind_a_partners_wall_nobody_is_named(house: House) -> None:
    find(house, {"full_name": "Dana Ruiz", "email": "dana@acme.example", "company": "Acme"}, by="ola")
    page = paste(house, "dana@acme.example\nDana Ruiz, d2@other.example", by="pia")
    assert "Ola Novak" not in page
    assert "Somebody else has their lead" in page
    assert "Somebody of this name is known" not in page


def test_the_list_of_leads_leads_there_for_who_may(house: House) -> None:
    assert 'href="/prospects"' in text_of(as_user(house.cast, "kim").get("/leads"))
    assert 'href="/prospects"' not in text_of(as_user(house.cast, "helen").get("/leads"))


def test_a_paste_of_thirty_takes_the_queries_of_a_paste_of_two(house: House) -> None:
    client = as_user(house.cast, "kim")

    def lines(many: int) -> dict[str, str]:
        names = [f"Qu{'abcdefghij'[n % 10] * (1 + n // 10)}x" for n in range(many)]
        return {"text": "\n".join(f"Rhea {name} <r{n}@acme.example>" for n, name in enumerate(names))}

    for n in range(3):
        find(house, {"full_name": f"Rhea Nu{n}", "email": f"r{n}@acme.example"}, by="ola", token=f"w{n}")
    counts = []
    for many in (2, 2, 30):
        with CaptureQueriesContext(connection) as told:
            assert client.post("/prospects/read", lines(many)).status_code == 200
        counts.append(count(told))
    assert counts[1] == counts[2]
