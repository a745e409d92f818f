"""Old and new values of changed fields, kept apart from the ledger so that they can be erased."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from leadloop.ledger.contracts import Actor
from leadloop.ledger.sql import columns
from leadloop.people.sql import run

_INSERT = """
insert into people_fieldhistory (subject, subject_id, field, old, new, actor, source, at)
select subject, subject_id, field, old, new, %s, %s, %s
  from unnest(%s::text[], %s::bigint[], %s::text[], %s::text[], %s::text[])
       as h (subject, subject_id, field, old, new)
"""
Entry = tuple[str, int, str, str, str]  # subject ("person" or "company"), its id, field, old, new


def write_history(entries: Sequence[Entry], *, actor: Actor, now: datetime, source: str) -> None:
    """Keep what changed; `source` says where the new value came from, such as "inquiry" or "by hand"."""
    if entries:
        run(_INSERT, [actor, source, now, *columns(entries)])
