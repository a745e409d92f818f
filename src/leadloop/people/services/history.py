"""Old and new values of changed fields, kept apart from the ledger so that they can be erased."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from leadloop.ledger.contracts import Actor
from leadloop.ledger.sql import columns
from leadloop.people.apart import BOTH, LOSER
from leadloop.people.sql import run

_INSERT = """
insert into people_fieldhistory (subject, subject_id, field, old, new, actor, source, at, via_id, typed)
select subject, subject_id, field, old, new, %s, %s, %s, %s, typed::jsonb
  from unnest(%s::text[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[])
       as h (subject, subject_id, field, old, new, typed)
"""
_GIVE = "update people_fieldhistory set subject_id = %s where id = any(%s)"
_COPY = """
insert into people_fieldhistory (subject, subject_id, field, old, new, actor, source, at, via_id, typed)
select subject, %s, field, old, new, actor, source, at, via_id, typed
  from people_fieldhistory where id = any(%s) order by id
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


def part_history(whose: Mapping[int, str], loser_id: int) -> None:
    """Give entries, by id, to whom they belong once two are parted: "survivor", "loser" or "both"."""
    run(_GIVE, [loser_id, [entry_id for entry_id, who in whose.items() if who == LOSER]])
    run(_COPY, [loser_id, [entry_id for entry_id, who in whose.items() if who == BOTH]])
