"""Batches: opened with a count, entered by a quick form, released when the count comes out."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest

from leadloop.capture.contracts import PortalKind
from leadloop.capture.queries import batches, waiting
from leadloop.front.tests.pages import as_user
from leadloop.front.tests.test_import_pages import figures
from leadloop.front.tests.test_portal_pages import set_up
from leadloop.kernel import clock
from tests.support.cast import MONDAY, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.at(MONDAY) as moment:
        yield moment


@pytest.fixture
def fair(cast: Cast) -> Any:
    return set_up(cast, "trade-show", kind=PortalKind.STAFF)


def opened(client: Any, fair: Any, **more: str) -> str:
    said = {"name": "Bingo cards", "portal": fair.id, "expected": "2", "happened_on": "2026-03-01", **more}
    answer = client.post("/batches/new", said)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def test_a_batch_goes_its_way(cast: Cast, fair: Any) -> None:
    client = as_user(cast, "tomas")
    assert "No batch was opened yet." in client.get("/batches").content.decode()
    address = opened(client, fair, key_code="spring")
    client.post(f"{address}/enter", {"full_name": "Dana Ruiz", "email": "dana@acme.example"})
    page = client.get(address).content.decode()
    assert figures(page) == {"Expected": "2", "Entered": "1", "Balance": "1"}
    assert "1 Mar 2026" in page
    assert "Why it is released though the count does not come out" in page
    refused = client.post(f"{address}/release")
    assert (refused.status_code, "2 are expected and 1 entered" in refused.content.decode()) == (422, True)
    client.post(f"{address}/add", {"card": "MECARD:N:Moss,Lee;ORG:Moss;;"})
    assert client.post(f"{address}/release").status_code == 302
    page = client.get(address).content.decode()
    assert "Dana Ruiz" not in page
    assert "Released by" in page
    assert waiting() == 2


def test_what_is_entered_twice_shows_both_where_they_differ(cast: Cast, fair: Any) -> None:
    client = as_user(cast, "tomas")
    address = opened(client, fair, twice="on", expected="1")
    client.post(f"{address}/enter", {"full_name": "Dana Ruiz", "company": "Acme"})
    page = client.get(f"{address}?row=1").content.decode()
    assert "Row 1 once more" in page
    assert 'value="Dana Ruiz"' not in page  # who enters it again must not see what the first one typed
    answer = client.post(f"{address}/enter", {"number": "1", "full_name": "Dana Ruiz", "company": "Acne"})
    page = client.get(answer["Location"]).content.decode()
    assert "first “Acme”, then “Acne”" in page
    client.post(f"{address}/enter", {"number": "1", "full_name": "Dana Ruiz", "company": "Acme"})
    assert batches()[0].unchecked == 0


def test_what_was_typed_stays_when_it_is_refused(cast: Cast, fair: Any) -> None:
    client = as_user(cast, "tomas")
    wrong = client.post(
        "/batches/new", {"name": "Cards", "portal": fair.id, "expected": "0", "happened_on": "2026-03-01"}
    )
    assert (wrong.status_code, 'value="Cards"' in wrong.content.decode()) == (422, True)
    address = opened(client, fair)
    assert client.post(f"{address}/add", {"card": "hello"}).status_code == 422
    file = BytesIO(b"Name,E-Mail\nDana Ruiz,dana@acme.example\nLee Moss,lee@moss.example\n")
    file.name = "../../cards.csv"
    assert client.post(f"{address}/add", {"file": file}).status_code == 302
    client.post(f"{address}/drop", {"number": "2"})
    assert batches()[0].entered == 1


def test_others_batches_are_not_found_by_who_sees_their_own_only(cast: Cast, fair: Any) -> None:
    address = opened(as_user(cast, "tomas"), fair)
    assert as_user(cast, "paul").get(address).status_code == 200
    assert as_user(cast, "mira").get(address).status_code in (403, 404)
