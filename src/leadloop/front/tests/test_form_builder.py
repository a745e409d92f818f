"""Building a form in the browser, and handing it to other sites."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from leadloop.capture.forms import STANDARD, layout_of
from leadloop.front.build import DIST, build
from leadloop.front.tests.pages import as_user
from leadloop.front.tests.test_portal_pages import set_up
from tests.support.cast import Cast

pytestmark = pytest.mark.django_db
SHOP = "https://www.shop.example"


@pytest.fixture
def portal_id(cast: Cast) -> int:
    return set_up(cast, origins=(SHOP,)).id


@pytest.fixture
def paul(cast: Cast) -> Client:
    return as_user(cast, "paul")


def given(*labels: tuple[str, str], **others: str) -> dict[str, str]:
    """What the page sends for questions of these keys and labels."""
    rows = {
        f"{name}-{n}": text for n, pair in enumerate(labels) for name, text in zip(("key", "label"), pair, strict=True)
    }
    return {"count": str(len(labels)), "language": "en", "at_once": "2", **rows, **others}


def test_a_question_of_our_own_is_added_moved_and_asked(paul: Client, portal_id: int) -> None:
    address = f"/portals/{portal_id}/form"
    assert "Your name" in paul.get(address).content.decode()
    two = (("email", "E-mail"), ("phone", "Phone"))

    added = paul.post(address, given(*two, do="add", more="own")).content.decode()
    assert 'name="label-2" value=""' in added
    moved = paul.post(address, given(*two, do="down:0")).content.decode()
    assert moved.index('value="Phone"') < moved.index('value="E-mail"')
    assert layout_of(portal_id) is STANDARD  # nothing was kept yet

    own = given(*two, ("", "Pump size"), **{"options-2": "Small\nLarge\n\nLarge", "required-0": "on"}, title="Ask us")
    assert paul.post(address, own | {"do": "save"})["Location"] == address
    kept = layout_of(portal_id)
    assert [(one.key, one.required, one.options) for one in kept.questions] == [
        ("email", True, ()),
        ("phone", False, ()),
        ("pump_size", False, ("Small", "Large")),
    ]
    page = Client().get("/f/web-form").content.decode()
    assert "Ask us" in page
    assert "Pump size" in page


def test_what_is_wrong_is_said_at_its_question_and_nothing_typed_is_lost(paul: Client, portal_id: int) -> None:
    wrong = paul.post(f"/portals/{portal_id}/form", given(("email", "E-mail"), ("", "Size"), **{"options-1": "Only"}))
    assert wrong.status_code == 422
    page = wrong.content.decode()
    assert "A choice has 2 to 50 answers" in page
    assert 'value="Size"' in page
    assert ">Only</textarea>" in page
    assert layout_of(portal_id) is STANDARD


def test_the_words_of_the_form_are_those_of_its_language(paul: Client, portal_id: int) -> None:
    paul.post(f"/portals/{portal_id}/form", given(("email", "E-Mail"), language="de", thanks="Danke!", do="save"))
    page = Client().get("/f/web-form").content.decode()
    assert '<html lang="de"' in page
    assert "freiwillig" in page
    assert ">Senden</button>" in page
    assert "Danke!" in Client().get("/f/web-form/thanks").content.decode()


def test_whoever_only_reads_portals_builds_nothing(cast: Cast, portal_id: int) -> None:
    assert as_user(cast, "kim").get(f"/portals/{portal_id}/form").status_code == 403


def test_other_sites_may_read_what_is_asked_and_show_it_in_a_frame(portal_id: int) -> None:
    told = Client().get("/f/web-form/form.json")
    assert told["Access-Control-Allow-Origin"] == "*"
    assert [one["key"] for one in told.json()["fields"]][:2] == ["name", "email"]
    page = Client().get("/f/web-form")
    assert "X-Frame-Options" not in page
    assert f"frame-ancestors 'self' {SHOP}" in page["Content-Security-Policy"]
    assert "script-src 'self'" in page["Content-Security-Policy"]
    inside = Client().get("/account/login/")
    assert "frame-ancestors 'none'" in inside["Content-Security-Policy"]


def test_without_pages_of_others_nobody_frames_it(cast: Cast) -> None:
    set_up(cast)
    page = Client().get("/f/web-form")
    assert page["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]


def test_the_script_is_small_and_there_is_none_for_a_form_that_is_not(portal_id: int) -> None:
    build()
    script = Client().get("/f/web-form/form.js")
    assert script["Content-Type"].startswith("text/javascript")
    assert len(script.content) <= 5_000
    assert (DIST / "embed.js").read_bytes() == script.content
    assert b"document.cookie" not in script.content
    assert Client().get("/f/nothing/form.json").status_code == 404


def test_a_plain_form_on_another_site_is_taken_without_our_stamp(portal_id: int, client: Client) -> None:
    body: dict[str, Any] = {"email": "ann@berg.example"}
    taken = client.post("/f/web-form", body, headers={"Origin": SHOP})
    assert taken["Location"] == "/f/web-form/thanks"
    assert client.post("/f/web-form", body, headers={"Origin": "https://evil.example"}).status_code == 403
