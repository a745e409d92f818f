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
from leadloop.kernel.errors import NotFound
from leadloop.kernel.text import one_line
from leadloop.platform import queries as platform
from leadloop.programmes import queries as programmes

_LONGEST_NAME = 60


def understand(*, path: Path, portal: PortalRow, options: Options | None = None, name: str = "") -> Reading:
    """Return how a file is understood, with what this company knows filled into the options. Writes nothing."""
    given = options or Options()
    known = replace(
        given,
        zone=given.zone or platform.company().zone,
        users=given.users or users(),
        sources=given.sources or sources(),
    )
    digest = headers_digest(shape(path, known).headers)
    return plan(path, portal, known, _of(portal, digest, known.template), name=name)


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


def keep(*, portal_id: int, reading: Reading, now: datetime, name: str = "") -> None:
    """Keep a reading for files with the same headings: as the last one, or under a name of its own."""
    ImportMapping.objects.update_or_create(
        portal_id=portal_id,
        headers_digest=reading.headers_digest,
        name=one_line(name, _LONGEST_NAME),
        defaults={"reading": _decided(reading, chosen=bool(name)), "saved_at": now},
    )


def templates(headers_digest: str) -> list[str]:
    """The names of mappings that fit files with these headings, of whichever portal. One query."""
    fitting = ImportMapping.objects.filter(headers_digest=headers_digest).exclude(name="")
    return sorted({name for (name,) in fitting.values_list("name")})


def _of(portal: PortalRow, digest: str, name: str) -> Mapping[str, Any] | None:
    rows = ImportMapping.objects.filter(headers_digest=digest, name=name)
    if not name:
        rows = rows.filter(portal_id=portal.id)
    row = rows.order_by("-saved_at").values_list("reading").first()
    if row is None and name:
        raise NotFound(f"there is no mapping called {name!r}", field="template", mend="Choose one that is offered")
    return row[0] if row else None


def _decided(reading: Reading, *, chosen: bool) -> dict[str, Any]:
    """What is kept. Whoever gives it a name has decided all of it as it stands, guesses included."""
    kept = reading.as_json()
    if chosen:
        for row in (*kept["columns"], *kept["owners"], *kept["statuses"]):
            row["how"] = "chosen"
    return kept
