"""Old and new values of changed fields, kept apart from the ledger so that they can be erased."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from leadloop.ledger.contracts import Actor
from leadloop.ledger.sql import columns
from leadloop.people.sql import run

_INSERT = """
insert into people_fieldhistory (subject, subject_id, field, old, new, actor, source, at, via_id, typed)
select subject, subject_id, field, old, new, %s, %s, %s, %s, typed::jsonb
  from unnest(%s::text[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[])
       as h (subject, subject_id, field, old, new, typed)
"""
Entry = tuple[str, int, str, str, str]  # subject ("person" or "company"), its id, field, old, new


def write_history(
    entries: Sequence[Entry],
    *,
    actor: Actor,
    now: datetime,
    source: str,
    via_id: int | None = None,
    typed: Sequence[str | None] = (),
) -> None:
    """Keep what changed; `source` says where the new value came from, such as "inquiry" or "by hand".

    `via_id` is the old id of a person under which the change was asked for; `typed`, in the order of the entries, the
    new values as JSON where they are no texts.
    """
    if entries:
        run(_INSERT, [actor, source, now, via_id, *columns(entries), list(typed) or [None] * len(entries)])
