"""Putting things on a list, taking them off, and noting what an entry caught."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from leadloop.capture.facts import ListChanged
from leadloop.capture.lists.contracts import NewEntry
from leadloop.capture.lists.versions import new_version
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.ledger.sql import columns, fetch, run

_INSERT = """
insert into capture_listentry (portal_id, allows, kind, value, reason, added_by, added_at)
select w.*, %s, %s from unnest(%s::bigint[], %s::bool[], %s::text[], %s::text[], %s::text[]) as w
    on conflict (portal_id, allows, kind, value) where removed_at is null do nothing
returning portal_id, allows
"""
_REMOVE = """
update capture_listentry set removed_at = %s, removed_by = %s where id = any(%s) and removed_at is null
returning portal_id, allows
"""
_RENEW = "update capture_portal set listed = %s where %s or id = any(%s)"
_HITS = """
insert into capture_listhit (entry, submission_id, held, at)
select w.*, %s from unnest(%s::bigint[], %s::bigint[], %s::bool[]) as w
    on conflict (entry, submission_id) do nothing
"""
Where = tuple[int | None, bool]  # portal, allows


@transaction.atomic
def add_entries(entries: Sequence[NewEntry], *, actor: Actor, now: datetime) -> int:
    """Put these on their lists and return how many were not there yet. They hold from the next batch on.

    At most four statements.
    """
    rows = [(one.portal_id, one.allows, str(one.kind), one.value, one.reason) for one in entries]
    return _changed(fetch(_INSERT, [str(actor), now, *columns(rows)]), added=True, actor=actor, now=now) if rows else 0


@transaction.atomic
def remove_entries(ids: Collection[int], *, actor: Actor, now: datetime) -> int:
    """Take these off their lists and return how many were on one. What they held stays held until it is released."""
    return _changed(fetch(_REMOVE, [now, str(actor), sorted(ids)]), added=False, actor=actor, now=now)


def note_hits(hits: Sequence[tuple[int, int, bool]], *, now: datetime) -> None:
    """Keep which entry caught which delivery, and whether it was held. One statement, none without hits."""
    if hits:
        run(_HITS, [now, *columns(sorted(hits))])


def _changed(rows: Sequence[Where], *, added: bool, actor: Actor, now: datetime) -> int:
    if not rows:
        return 0
    portals = [portal_id for portal_id, _ in rows]
    run(_RENEW, [new_version(), None in portals, sorted({i for i in portals if i is not None})])
    facts = [
        ListChanged(
            happened_at=now,
            portal_id=portal_id,
            allows=allows,
            added=rows.count((portal_id, allows)) if added else 0,
            removed=0 if added else rows.count((portal_id, allows)),
        )
        for portal_id, allows in sorted(set(rows), key=str)
    ]
    record(facts, actor=actor)
    return len(rows)
