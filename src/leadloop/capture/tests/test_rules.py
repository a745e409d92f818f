"""The room's decisions."""

from __future__ import annotations

from datetime import timedelta

import pytest

from leadloop.capture import rules
from leadloop.capture.contracts import FLAG, HOLD, Code, PortalKind
from leadloop.capture.tests.conftest import NOW, a_portal


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, None),
        ({"trapped": True}, Code.SPAM_SUSPECTED),
        ({"elapsed": 1.9}, Code.SPAM_SUSPECTED),
        ({"elapsed": 2.0}, None),
        ({"disposable": True}, Code.DISPOSABLE_ADDRESS),
        ({"disposable": True, "allowed": True}, None),
        ({"blocked": "domain"}, Code.BLOCKED),
        ({"blocked": "domain", "allowed": True}, None),
        ({"trapped": True, "allowed": True}, Code.SPAM_SUSPECTED),
        ({"unproved": Code.NOT_PROVED}, Code.NOT_PROVED),
        ({"unproved": Code.PROOF_TOO_OLD, "allowed": True}, Code.PROOF_TOO_OLD),
    ],
)
def test_an_open_form_is_suspected_with_a_reason(changed: dict[str, object], code: Code | None) -> None:
    portal = a_portal(kind=PortalKind.BROWSER, disposable=HOLD)
    decision = rules.suspicion(portal, rules.Signs(**changed))  # type: ignore[arg-type]  # from the table
    assert decision.outcome == code
    assert decision.reasons[0].text


@pytest.mark.parametrize("kind", [PortalKind.SERVER, PortalKind.MAIL])
def test_trap_and_clock_are_for_open_forms_and_lists_for_everybody(kind: PortalKind) -> None:
    signs = rules.Signs(trapped=True, elapsed=0.1, disposable=True, unproved=Code.NOT_PROVED)
    assert rules.suspicion(a_portal(kind=kind, disposable=FLAG), signs).outcome is None
    assert rules.suspicion(a_portal(kind=kind, disposable=HOLD), signs).outcome is Code.DISPOSABLE_ADDRESS
    assert rules.suspicion(a_portal(kind=kind), rules.Signs(blocked="address")).outcome is Code.BLOCKED


@pytest.mark.parametrize(
    ("facts", "answer"),
    [
        ({}, False),
        ({"email": True}, True),
        ({"phone_digits": 6}, True),
        ({"phone_digits": 5}, False),
        ({"social": True}, True),
        ({"named": True}, False),
        ({"firm": True}, False),
        ({"named": True, "firm": True}, True),
        ({"filed": True}, False),
        ({"named": True, "filed": True}, True),
    ],
)
def test_somebody_can_be_answered(facts: dict[str, object], answer: bool) -> None:
    nothing = {"email": False, "phone_digits": 0, "social": False, "named": False, "firm": False, "filed": False}
    assert rules.reachable(**(nothing | facts)) is answer


def test_when_it_happened_is_believed_within_reason() -> None:
    day = timedelta(days=1)
    assert rules.happened(None, NOW) == NOW
    assert rules.happened(NOW - day, NOW) == NOW - day
    assert rules.happened(NOW + day, NOW) == NOW
    assert rules.happened(NOW - 40 * 365 * day, NOW) == NOW


def test_history_writes_to_nobody() -> None:
    day = timedelta(days=1)
    assert rules.historic(NOW, NOW, imported=True, fresh=False)
    assert not rules.historic(NOW - day, NOW, imported=True, fresh=True)
    assert rules.historic(NOW - 4 * day, NOW, imported=True, fresh=True)
    assert rules.historic(NOW - 4 * day, NOW, imported=False, fresh=False)
    assert not rules.historic(NOW, NOW, imported=False, fresh=False)
