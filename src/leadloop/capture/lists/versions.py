"""The lists as a process keeps them: read anew only when a portal says that they have changed."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable

from leadloop.capture.contracts import PortalRow
from leadloop.capture.lists.matching import Entry, Lists, compiled, lists_of
from leadloop.ledger.sql import fetch

_ENTRIES = """
select portal_id, id, allows, kind, value from capture_listentry
 where removed_at is null and (portal_id is null or portal_id = any(%s)) order by id
"""
_COMPANY_WIDE = "select 1 from capture_listentry where removed_at is null and portal_id is null limit 1"
_kept: dict[int, tuple[int, Lists]] = {}


def lists_for(portals: Iterable[PortalRow]) -> dict[int, Lists]:
    """The lists of those portals that have any. No query while nothing has changed, else one."""
    having = {one.id: one.listed for one in portals if one.listed}
    stale = [i for i, version in having.items() if _kept.get(i, (0,))[0] != version]
    if stale:
        for portal_id, lists in _read(stale).items():
            _kept[portal_id] = (having[portal_id], lists)
    return {i: _kept[i][1] for i in having}


def new_version() -> int:
    """A number no portal has or had: lists of another time, or of a transaction that was rolled back, never pass."""
    return secrets.randbits(62) | 1


def version_for_new() -> int:
    """What a portal begins with: lists of the whole company hold for it too. One query."""
    return new_version() if fetch(_COMPANY_WIDE, []) else 0


def _read(portal_ids: Collection[int]) -> dict[int, Lists]:
    of: dict[int | None, list[Entry]] = {}
    for portal_id, *entry in fetch(_ENTRIES, [list(portal_ids)]):
        of.setdefault(portal_id, []).append(tuple(entry))
    shared = compiled(of.pop(None, []))
    own = {portal_id: compiled(entries) for portal_id, entries in of.items() if portal_id is not None}
    return {portal_id: lists_of(shared, own, portal_id) for portal_id in portal_ids}
