"""Portals, without their secrets."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from leadloop.capture.contracts import PortalKind, PortalRow
from leadloop.capture.models import Portal
from leadloop.identity.contracts import Alike
from leadloop.kernel.errors import NotFound
from leadloop.ledger.sql import fetch
from leadloop.platform import queries as platform

_COLUMNS = (
    "id", "key", "name", "kind", "slug", "token_prefix", "origins", "owner_id", "programme_id", "source_id",
    "interest_id", "inquiry_kind", "handover", "asset_id", "country", "consent_wording", "mapping", "acknowledge",
    "is_on", "alike", "double_opt_in", "disposable", "proof_of_work", "listed",
)  # fmt: skip


def portals() -> dict[int, PortalRow]:
    """Every portal by id, in the order of their names. Two queries."""
    country = platform.company().country
    found = fetch(f"select {', '.join(_COLUMNS)} from capture_portal order by name, id")
    return {row[0]: _row(row, country) for row in found}


def portal(key: str) -> PortalRow:
    """The portal of this key or public slug; NotFound when there is none. Two queries."""
    country = platform.company().country
    for column in ("key", "slug"):
        if row := Portal.objects.filter(**{column: key}).values_list(*_COLUMNS).first():
            return _row(row, country)
    raise NotFound(f"there is no portal {key!r}", field="portal", mend="Check its key on the portals page")


def alike_of(person_ids: Collection[int]) -> dict[int, Alike]:
    """What the portal through which they first came wants of these persons where they look like somebody known.

    Left out is who came through none. One query.
    """
    found = fetch(
        """
        select distinct on (i.person_id) i.person_id, p.alike
          from capture_inquiry i join capture_portal p on p.id = i.portal_id
         where i.person_id = any(%s) order by i.person_id, i.id
        """,
        [list(person_ids)],
    )
    return {person_id: Alike(alike) for person_id, alike in found}


def _row(row: tuple[Any, ...], country: str) -> PortalRow:
    named = dict(zip(_COLUMNS, row, strict=True))
    named |= {
        "kind": PortalKind(named["kind"]),
        "alike": Alike(named["alike"]),
        "origins": tuple(named["origins"]),
        "country": named["country"] or country,
        "mapping": tuple(sorted(named["mapping"].items())),
    }
    return PortalRow(**named)
