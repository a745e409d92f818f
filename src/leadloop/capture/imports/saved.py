"""What is known before a file is read: users, sources, the company's zone, and mappings kept from earlier files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from leadloop.capture.contracts import PortalRow
from leadloop.capture.imports.contracts import Options, Reading
from leadloop.capture.imports.reading import plan, shape
from leadloop.capture.imports.table import headers_digest
from leadloop.capture.models import ImportMapping
from leadloop.platform import queries as platform
from leadloop.programmes import queries as programmes


def understand(*, path: Path, portal: PortalRow, options: Options | None = None, name: str = "") -> Reading:
    """Return how a file is understood, with what this company knows filled into the options. Writes nothing."""
    given = options or Options()
    known = replace(
        given,
        zone=given.zone or platform.company().zone,
        users=given.users or users(),
        sources=given.sources or sources(),
    )
    return plan(path, portal, known, _of(portal, headers_digest(shape(path, known).headers)), name=name)


def users() -> dict[str, int]:
    """Return active users by name and by e-mail address. One query."""
    found: dict[str, int] = {}
    for user in platform.users(active=True).values():
        found |= {user.email: user.id}
        found.setdefault(user.name, user.id)
    return found


def sources() -> dict[str, int]:
    """Return sources by key and by label. One query."""
    found = programmes.sources().values()
    return {source.label: source.id for source in found} | {source.key: source.id for source in found}


def keep(*, portal_id: int, reading: Reading, now: datetime) -> None:
    """Keep a reading for files with the same headings."""
    ImportMapping.objects.update_or_create(
        portal_id=portal_id,
        headers_digest=reading.headers_digest,
        defaults={"reading": reading.as_json(), "saved_at": now},
    )


def _of(portal: PortalRow, digest: str) -> Mapping[str, Any] | None:
    row = ImportMapping.objects.filter(portal_id=portal.id, headers_digest=digest).values_list("reading").first()
    return row[0] if row else None
