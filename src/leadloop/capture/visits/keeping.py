"""Keeping pages that were seen, and whose they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import orjson
from django.db import transaction

from leadloop.capture.visits.reading import PageSeen
from leadloop.ledger.sql import run

_SEE = """
insert into capture_visit (portal_id, visitor, seen_at, page, referrer, touch, person_id)
values (%s, %s, %s, %s, %s, %s, (select person_id from capture_visitor where key = %s))
"""
_KNOW = """
insert into capture_visitor (key, person_id, known_since)
select key, person_id, %s from unnest(%s::uuid[], %s::bigint[]) as given (key, person_id)
 order by key
on conflict (key) do update set person_id = excluded.person_id
"""
# Somebody else on the same device later does not get what an earlier person read: only what was nobody's yet.
_STITCH = """
update capture_visit v set person_id = given.person_id
  from unnest(%s::uuid[], %s::bigint[]) as given (key, person_id)
 where v.visitor = given.key and v.person_id is null
"""
_SWEEP = "delete from capture_visit where seen_at < %s and person_id is null"


def see(*, portal_id: int, seen: PageSeen, now: datetime) -> None:
    """Keep one page. One statement."""
    run(_SEE, [portal_id, seen.visitor, now, seen.page, seen.referrer, orjson.dumps(seen.touch).decode(), seen.visitor])


def know(visitors: Mapping[UUID, int], *, now: datetime) -> None:
    """These visitors are these persons: what they read before is theirs, and so is what they read from now on."""
    if not visitors:
        return
    keys, persons = [str(key) for key in visitors], list(visitors.values())
    with transaction.atomic():
        run(_KNOW, [now, keys, persons])
        run(_STITCH, [keys, persons])


def sweep(before: datetime) -> int:
    """Forget pages read by nobody we know before this moment; returns how many."""
    return run(_SWEEP, [before])
