"""Portals of the fixed cast's company, and where test data lies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from leadloop.capture import queries, services
from leadloop.capture.contracts import Claimed, PortalKind, PortalRow
from leadloop.capture.services import PortalIn
from leadloop.identity.contracts import Alike
from leadloop.ledger.contracts import by_user

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DATA = Path(__file__).resolve().parents[4].parent / "shared" / "data"


@pytest.fixture
def data() -> Path:
    """The folder with test data, beside the checkout."""
    if not DATA.is_dir():
        pytest.skip("the shared test data is not beside this checkout")
    return DATA


@pytest.fixture
def save(cast: Any) -> Callable[..., PortalRow]:
    """Save a portal with sound settings except those given."""

    def make(key: str = "web", **changed: Any) -> PortalRow:
        settings = {
            "name": f"Portal {key}",
            "kind": PortalKind.SERVER,
            "owner_id": cast.user["tomas"],
            "interest_id": cast.interest["general"],
            "source_id": cast.source["web"],
        }
        services.save_portal(portal=PortalIn(key=key, **(settings | changed)), actor=by_user(cast.user["ada"]), now=NOW)
        return queries.portal(key)

    return make


@pytest.fixture
def fair(save: Any) -> PortalRow:
    return save("fair", kind=PortalKind.STAFF, country="US")


def a_portal(**changed: Any) -> PortalRow:
    """Return a portal with sound settings except those given."""
    settings: dict[str, Any] = {
        "id": 1, "key": "web", "name": "Web form", "kind": PortalKind.SERVER, "slug": "web", "token_prefix": "",
        "origins": (), "owner_id": 7, "programme_id": None, "source_id": 3, "interest_id": 5, "inquiry_kind": "sales",
        "handover": "sales_ready", "asset_id": None, "country": "DE", "consent_wording": "Yes, write to me.",
        "mapping": (), "acknowledge": True, "is_on": True, "alike": Alike.SUGGEST,
    }  # fmt: skip
    return PortalRow(**(settings | changed))


def claimed(body: bytes, portal: PortalRow | None = None, **changed: Any) -> Claimed:
    """Return a delivery as intake gets it."""
    settings: dict[str, Any] = {
        "submission_id": 1, "portal": portal or a_portal(), "body": body, "content_type": "application/json",
        "context": {}, "received_at": NOW, "happened_at": None, "row_number": None,
    }  # fmt: skip
    return Claimed(**(settings | changed))
