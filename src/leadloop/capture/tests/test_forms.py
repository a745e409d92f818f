"""The hosted form: easy for people, and bots are held rather than dropped."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from leadloop.capture import services
from leadloop.capture.contracts import PortalKind, PortalRow
from leadloop.capture.forms import HostedForm, elapsed, stamp, submit
from leadloop.capture.tests.conftest import NOW, a_portal
from leadloop.kernel import clock
from leadloop.ledger.contracts import Lane

INTERESTS = {"pumps": "Pumps", "service": "Service contracts"}
LATER = NOW + timedelta(seconds=30)


@pytest.fixture
def portal(save: Any) -> PortalRow:
    return save("web", kind=PortalKind.BROWSER, consent_wording="Yes, send me the newsletter.")


def filled(portal: PortalRow, **changed: Any) -> HostedForm:
    said = {"name": "Ann Berg", "email": "ann@berg.example", "started": stamp(NOW)} | changed
    form = HostedForm(portal, INTERESTS, said)
    assert form.is_valid(), form.errors
    return form


def sent(form: HostedForm) -> Any:
    submit(form=form, context={"address": "203.0.113.9"}, now=LATER)
    parsed, unreadable = services.read(services.claim(lane=Lane.LIVE, limit=5, now=LATER), now=LATER)
    return (*parsed, *unreadable)[-1]


def test_a_person_is_heard(db: None, portal: PortalRow, cast: Any) -> None:
    found = sent(filled(portal, company="Berg", interest="pumps", message="Two\nlines", consent="on"))
    assert (found.candidate.given, found.candidate.email, found.candidate.company_name) == (
        "Ann",
        "ann@berg.example",
        "Berg",
    )
    assert (found.interest_id, found.message) == (cast.interest["pumps"], "Two\nlines")
    assert found.consent == "Yes, send me the newsletter."
    assert found.candidate.attributes == {}


def test_without_consent_there_is_none(db: None, portal: PortalRow) -> None:
    assert sent(filled(portal)).consent == ""


@pytest.mark.parametrize(
    "changed",
    [{"homepage": "http://spam.example"}, {"started": stamp(LATER - timedelta(seconds=1))}, {"started": "forged"}],
)
def test_a_bot_is_held_and_told_nothing(db: None, portal: PortalRow, changed: dict[str, str]) -> None:
    assert sent(filled(portal, **changed)).code == "spam_suspected"


def test_a_bot_that_gives_no_address_is_not_taught(portal_only: PortalRow) -> None:
    assert HostedForm(portal_only, INTERESTS, {"homepage": "x"}).is_valid()


def test_a_person_without_an_address_is_asked_kindly(portal_only: PortalRow) -> None:
    form = HostedForm(portal_only, INTERESTS, {"name": "Ann"})
    assert not form.is_valid()
    assert "e-mail address or a phone number" in form.errors["email"][0]
    assert HostedForm(portal_only, INTERESTS, {"phone": "030 1234567"}).is_valid()
    wrong = HostedForm(portal_only, INTERESTS, {"email": "ann@"})
    assert len(wrong.errors["email"]) == 1


def test_the_form_asks_only_what_makes_sense(portal_only: PortalRow) -> None:
    assert "interest" not in HostedForm(portal_only, {"pumps": "Pumps"}).fields
    assert "interest" in HostedForm(portal_only, INTERESTS).fields
    assert "consent" not in HostedForm(a_portal(consent_wording=""), INTERESTS).fields
    assert HostedForm(portal_only, INTERESTS).fields["consent"].label == "Yes, write to me."


def test_the_time_a_form_was_shown_cannot_be_made_up(portal_only: PortalRow) -> None:
    with clock.at(NOW):
        shown = HostedForm(portal_only, INTERESTS).initial["started"]
    assert elapsed(shown, LATER) == 30.0
    assert elapsed(shown, NOW - timedelta(days=1)) == 0.0
    for forged in ("", "1", shown[:-2] + "xx"):
        assert elapsed(forged, LATER) == 0.0


@pytest.fixture
def portal_only() -> PortalRow:
    return a_portal(kind=PortalKind.BROWSER)
