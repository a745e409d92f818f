"""Links are made and costs of advertising brought in on the programmes' pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from leadloop.front.tests.pages import as_user
from leadloop.kernel import clock
from leadloop.ledger.contracts import by_system
from leadloop.programmes.contracts import Rule
from leadloop.programmes.models import Cost
from leadloop.programmes.services import set_utm_rules
from tests.support.cast import MONDAY, Cast

pytestmark = pytest.mark.django_db
FILE = "date,campaign,cost\n2026-03-01,Search ads,12.50\n2026-03-01,Mystery,3\nnever,Search ads,1\n"


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.at(MONDAY) as moment:
        yield moment


@pytest.fixture
def marketing(cast: Cast) -> Client:
    return as_user(cast, "tomas")


def test_a_link_is_made_and_a_mismatch_is_said(cast: Cast, marketing: Client) -> None:
    rule = Rule(1, utm_source="google", utm_campaign="pumps", programme_id=cast.programme["ads"])
    set_utm_rules(rules=[rule], actor=by_system("test"), now=MONDAY)
    asked = {"address": "https://www.example.com/", "programme": str(cast.programme["ads"])}
    page = marketing.get("/programmes/link", asked).content.decode()
    assert 'value="https://www.example.com/?utm_source=google&amp;utm_campaign=pumps"' in page
    assert "are counted for this programme" in page
    assert 'data-action="copy"' in page
    other = marketing.get(
        "/programmes/link",
        {**asked, "programme": str(cast.programme["spring"]), "utm_source": "google", "utm_campaign": "pumps"},
    )
    assert "These tags lead to Search ads, not to Spring." in other.content.decode()
    lost = marketing.get("/programmes/link", {**asked, "utm_source": "bing"}).content.decode()
    assert "No rule leads these tags to Search ads" in lost
    wrong = marketing.get("/programmes/link", {**asked, "address": "nowhere"}).content.decode()
    assert "This is no web address" in wrong


def test_a_file_is_looked_at_mapped_and_booked_once(cast: Cast, marketing: Client) -> None:
    upload = SimpleUploadedFile("ads.csv", FILE.encode("utf-8-sig"))
    page = marketing.post("/programmes/costs/import", {"file": upload}).content.decode()
    assert "1 new, 0 there already, 2 left out." in page
    assert "Mystery belongs to no programme" in page
    assert "Line 4" in page
    assert Cost.objects.count() == 0
    ads = str(cast.programme["ads"])
    step = {"text": FILE, "programme-0": ads, "programme-1": ads, "step": "book"}
    assert marketing.post("/programmes/costs/import", step).status_code == 302
    assert "2 booked, 0 were there already, 1 left out." in marketing.get("/programmes").content.decode()
    marketing.post("/programmes/costs/import", step)
    assert "0 booked, 2 were there already, 1 left out." in marketing.get("/programmes").content.decode()
    assert sorted(Cost.objects.values_list("base_minor", flat=True)) == [300, 1250]


def test_what_is_no_such_file_is_said(marketing: Client) -> None:
    for sent in ({}, {"text": "a,b\n1,2\n"}, {"file": SimpleUploadedFile("big.csv", b"x" * (1024 * 1024 + 1))}):
        answer = marketing.post("/programmes/costs/import", sent)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()


def test_only_who_keeps_the_cost_book_brings_costs_in(cast: Cast) -> None:
    assert as_user(cast, "helen").get("/programmes/costs/import").status_code == 403
    assert as_user(cast, "helen").get("/programmes/link").status_code == 200
