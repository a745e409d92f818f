"""Riddles that a form may set: solved once, in time, for that form; who doesn't is held and never lost."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
import pytest
from altcha import v1 as altcha
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.capture import proofs, services
from leadloop.capture.contracts import Code, Parsed, PortalKind, PortalRow, Unreadable
from leadloop.capture.proofs import VALID, proved, riddle
from leadloop.capture.tests.conftest import NOW
from leadloop.ledger.contracts import Lane, by_system

ME = by_system("test")
PERSON = {"email": "ann@berg.example", "message": "Please call me", "_elapsed": "30"}


@pytest.fixture(autouse=True)
def easy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proofs, "HARDEST", 300)


def solved(slug: str = "portal-web", **changed: Any) -> str:
    """The solution that a browser sends."""
    given = riddle(slug, now=NOW)
    found = altcha.solve_challenge(given["challenge"], given["salt"], given["algorithm"], given.pop("maxNumber"), 0)
    assert found
    return base64.b64encode(json.dumps({**given, "number": found.number, **changed}).encode()).decode()


@pytest.fixture
def web(db: None, save: Callable[..., PortalRow]) -> PortalRow:
    return save("web", kind=PortalKind.BROWSER, proof_of_work=True)


def come(portal: PortalRow, *proofs: str | None) -> list[Parsed | Unreadable]:
    """Deliveries with these solutions, as intake takes them; what may pass, then what is held."""
    for proof in proofs:
        body = {**PERSON, **({"_proof": proof} if proof is not None else {})}
        services.receive(portal=portal, body=orjson.dumps(body), now=NOW)
    parsed, unreadable = services.read(claimed=services.claim(lane=Lane.LIVE, limit=500, now=NOW), now=NOW)
    sound, spent = services.spend(parsed, now=NOW)
    services.quarantine(unreadable=[*unreadable, *spent], actor=ME, now=NOW)
    return [*sound, *unreadable, *spent]


def test_who_has_solved_it_comes_in_and_nothing_of_it_is_kept(web: PortalRow) -> None:
    (found,) = come(web, solved())
    assert isinstance(found, Parsed)
    assert found.candidate.attributes == {}


@pytest.mark.parametrize(
    "proof",
    [None, "", "nonsense", "bm90IGpzb24=", "W10=", "e30=", base64.b64encode(b'{"salt": 7}').decode(), "x" * 2000],
)
def test_who_has_not_is_held_with_the_reason(web: PortalRow, proof: str | None) -> None:
    (found,) = come(web, proof)
    assert isinstance(found, Unreadable)
    assert found.code == Code.NOT_PROVED


@pytest.mark.parametrize(
    "changed",
    [
        {"number": -1},
        {"number": "7"},
        {"signature": "0" * 64},
        {"algorithm": "SHA-1"},
        {"salt": "00?expires=99999999999&portal=portal-web&"},
        {"challenge": None},
    ],
)
def test_what_was_tampered_with_is_no_solution(changed: dict[str, Any]) -> None:
    assert proved(solved(**changed), "portal-web", at=NOW).code == Code.NOT_PROVED


def test_it_is_good_for_its_form_and_its_ten_minutes() -> None:
    proof = solved()
    assert proved(proof, "another", at=NOW).code == Code.NOT_PROVED
    assert proved(proof, "portal-web", at=NOW + VALID).code is None
    assert proved(proof, "portal-web", at=NOW + VALID + timedelta(seconds=1)).code == Code.PROOF_TOO_OLD


def test_a_solution_counts_once_in_one_batch_and_across_batches(web: PortalRow) -> None:
    proof = solved()
    first, again = come(web, proof, proof)
    assert isinstance(first, Parsed)
    assert isinstance(again, Unreadable)
    assert again.code == Code.PROOF_USED
    assert first.ref < again.submission_id
    found = come(web, proof)  # the first still waits here, and keeps its solution
    assert [type(one) for one in found] == [Parsed, Unreadable]


def test_held_ones_are_released_by_hand(web: PortalRow) -> None:
    (found,) = come(web, None)
    assert isinstance(found, Unreadable)
    services.replay(ids=[found.submission_id], actor=ME, now=NOW)
    (again,) = come(web)
    assert isinstance(again, Parsed)


def test_other_portals_ask_for_none(db: None, save: Callable[..., PortalRow]) -> None:
    (found,) = come(save("plain", kind=PortalKind.BROWSER), None)
    assert isinstance(found, Parsed)


def test_old_solutions_are_forgotten(web: PortalRow) -> None:
    come(web, solved())
    assert services.forget_spent(before=NOW) == 0
    assert services.forget_spent(before=NOW + timedelta(seconds=1)) == 1


def test_spending_one_and_a_hundred_takes_the_same_statements(web: PortalRow) -> None:
    def taken(count: int) -> int:
        for proof in [solved() for _ in range(count)]:
            services.receive(portal=web, body=orjson.dumps({**PERSON, "_proof": proof}), now=NOW)
        parsed, _ = services.read(claimed=services.claim(lane=Lane.LIVE, limit=500, now=NOW), now=NOW)
        with CaptureQueriesContext(connection) as made:
            services.spend(parsed, now=NOW)
        return len(made)

    assert taken(1) == taken(100) == 2
