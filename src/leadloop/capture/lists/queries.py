"""What is on the lists, and what it caught."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leadloop.capture.lists.contracts import EntryRow, HitRow, Kind
from leadloop.ledger.sql import fetch

_NAMES = (
    "id", "portal_id", "allows", "kind", "value", "reason", "added_by", "added_at", "removed_at", "removed_by",
    "hits", "last_hit_at",
)  # fmt: skip
_ENTRIES = f"""
select {", ".join(f"e.{name}" for name in _NAMES[:-2])}, coalesce(h.hits, 0), h.last_at
  from capture_listentry e
  left join lateral (select count(*) as hits, max(at) as last_at from capture_listhit where entry = e.id) h on true
"""
_WITHIN = """
 where e.removed_at is null and e.allows = %s
   and (%s::bigint is null or e.portal_id = %s or e.portal_id is null)
   and (%s = '' or e.kind = %s) and position(%s in e.value) > 0
"""
_HITS = """
select s.id, s.portal_id, s.received_at, h.held, s.state, i.lead_id
  from capture_listhit h
  join capture_submission s on s.id = h.submission_id
  left join capture_inquiry i on i.id = s.id
 where {which} = %s and (%s::bigint is null or s.id < %s)
 order by s.id desc limit %s
"""


def entries(
    *,
    allows: bool,
    portal_id: int | None = None,
    kind: str = "",
    text: str = "",
    before: int | None = None,
    limit: int = 50,
) -> list[EntryRow]:
    """What is on a list, newest first; with a portal what holds for it. One query."""
    asked = _asked(allows=allows, portal_id=portal_id, kind=kind, text=text)
    found = fetch(
        f"""{_ENTRIES} {_WITHIN} and (%s::bigint is null or e.id < %s) order by e.id desc limit %s""",
        [*asked, before, before, limit],
    )
    return [_row(row) for row in found]


def entry_count(*, allows: bool, portal_id: int | None = None, kind: str = "", text: str = "") -> int:
    """How many of them there are. One query."""
    ((count,),) = fetch(
        f"select count(*) from capture_listentry e {_WITHIN}",
        _asked(allows=allows, portal_id=portal_id, kind=kind, text=text),
    )
    return int(count)


def entry(entry_id: int) -> EntryRow | None:
    """One entry, also one that was removed; None when there is none. One query."""
    found = fetch(f"{_ENTRIES} where e.id = %s", [entry_id])
    return _row(found[0]) if found else None


def hits(entry_id: int, *, before: int | None = None, limit: int = 50) -> list[HitRow]:
    """What an entry caught, newest first. One query."""
    return [HitRow(*row) for row in fetch(_HITS.format(which="h.entry"), [entry_id, before, before, limit])]


def hits_of_run(run_id: int, *, before: int | None = None, limit: int = 50) -> list[HitRow]:
    """What lists caught of one import, newest first. One query."""
    found = fetch(_HITS.format(which="s.import_run_id"), [run_id, before, before, limit])
    return [HitRow(*row) for row in found]


def flagged_in(run_id: int) -> int:
    """How many rows of an import a block list speaks of. One query."""
    ((count,),) = fetch(
        """select count(distinct h.submission_id) from capture_listhit h
             join capture_submission s on s.id = h.submission_id where s.import_run_id = %s""",
        [run_id],
    )
    return int(count)


def _asked(*, allows: bool, portal_id: int | None, kind: str, text: str) -> list[Any]:
    return [allows, portal_id, portal_id, kind, kind, text.casefold()]


def _row(row: tuple[Any, ...]) -> EntryRow:
    named: Mapping[str, Any] = dict(zip(_NAMES, row, strict=True))
    return EntryRow(**{**named, "kind": Kind(named["kind"])})
