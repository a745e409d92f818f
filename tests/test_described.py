"""Both interfaces keep to their descriptions, whatever they are sent by schemathesis, against a running web process."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from leadloop.capture.contracts import PortalKind
from leadloop.capture.services import PortalIn, new_token, save_portal
from leadloop.kernel import clock
from leadloop.ledger.contracts import by_user
from leadloop.platform.queries import viewer
from leadloop.platform.services import TOKEN_SCOPES, create_token
from tests.browser.site import Site, serve
from tests.support.cast import Cast

EXAMPLES = 20  # of each operation, as many again of what does not fit its description
SECONDS = 20.0  # for one answer
KEPT_TO = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]


BOUNDED = settings(
    max_examples=EXAMPLES,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def site(fresh_db: str) -> Iterator[Site]:
    with serve(fresh_db, roles=("web",)) as running:
        yield running


class Thrower:
    """Throws examples at operations, one after the other, over one connection."""

    def __init__(self, site: Site, token: str, wanted: list[Any]) -> None:
        self.url, self.wanted, self.session = site.url, wanted, requests.Session()
        self.headers = {"Authorization": f"Bearer {token}"}

    def throw(self, path: str, **fixed: Any) -> dict[str, set[int]]:
        """Throw at each operation that is described there; return the statuses that came back by operation."""
        described = self.session.get(f"{self.url}{path}", timeout=SECONDS).json()
        operations = [found.ok() for found in schemathesis.openapi.from_dict(described).get_all_operations()]
        return {operation.label: self._at(operation, fixed) for operation in operations}

    def _at(self, operation: Any, fixed: dict[str, Any]) -> set[int]:
        statuses: set[int] = set()

        def one(case: Case) -> None:
            answer = case.call(base_url=self.url, session=self.session, headers=self.headers, timeout=SECONDS)
            statuses.add(answer.status_code)
            case.validate_response(answer, checks=self.wanted)

        for mode in GenerationMode:
            BOUNDED(seed(1)(given(case=operation.as_strategy(generation_mode=mode, **fixed))(one)))()
        return statuses


def test_the_capture_door_keeps_to_its_description(site: Site, cast: Cast) -> None:
    actor, now = by_user(cast.user["ada"]), clock.now()
    given_portal = PortalIn(
        key="api", name="API", kind=PortalKind.SERVER, owner_id=cast.user["tomas"], interest_id=cast.interest["general"]
    )
    token = new_token(portal_id=save_portal(portal=given_portal, actor=actor, now=now), actor=actor, now=now)
    there = {"path_parameters": {"portal": "api"}}
    seen = Thrower(site, token, KEPT_TO).throw("/api/capture/openapi.json", **there)
    assert set(seen) == {"POST /api/capture/{portal}", "POST /api/capture/{portal}/bulk"}
    assert all(202 in statuses for statuses in seen.values())
    stranger = Thrower(site, "llp_none", KEPT_TO).throw("/api/capture/openapi.json", **there)
    assert {status for statuses in stranger.values() for status in statuses} <= {401, 405}


def test_the_application_keeps_to_its_description(site: Site, cast: Cast) -> None:
    user_id = cast.user["tomas"]
    who = viewer(user_id)
    scopes = [scope for scope, right in TOKEN_SCOPES.items() if who.may(*right)]
    _, token = create_token(user_id=user_id, name="All", scopes=scopes, actor=by_user(user_id), now=clock.now())
    seen = Thrower(site, token, KEPT_TO).throw("/api/v1/openapi.json")
    assert len(seen) >= 8
    assert all(statuses - {403} for statuses in seen.values())
