"""Making one person of two in this room's own tables."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby
from typing import Any

from leadloop.ledger.sql import fetch
from leadloop.people.contracts import RowChange
from leadloop.people.rules.merging import CONSENT, EXTERNAL, PERSON, POINT, POSITION, TABLES, Holdings, merged
from leadloop.people.sql import run, to_json

_PERSONS = f"""
select '{PERSON}' as held, coalesce(merged_into_id, id) as holder, id, to_jsonb(t) as stored
  from {PERSON} t where id = any(%s) or merged_into_id = any(%s)
"""
_OTHERS = "select '{0}', person_id, id, to_jsonb(t) from {0} t where person_id = any(%s)"
_LOAD = f"""
select held, holder, stored
  from ({" union all ".join([_PERSONS, *(_OTHERS.format(t) for t in TABLES if t != PERSON)])}) as rows_of_both
 order by held, holder, id
"""


def merge_rows(survivor_id: int, loser_id: int, taken: Collection[str] = ()) -> list[dict[str, Any]]:
    """Move what the loser has to the survivor and return the journal, row by row, in the order it was written.

    `taken` names what the loser says better (see `rules.merging.merged`). Each entry is a `RowChange` as JSON. Both
    persons must be locked (`locking.lock`), stand for themselves and not be erased. Where both have the same address
    or firm the loser's row is deleted; the journal keeps it whole.
    """
    held = holdings([survivor_id, loser_id])
    changes = merged(held[survivor_id], held[loser_id], taken)
    write_changes(changes)
    return [change.as_json() for change in changes]


def write_changes(changes: Sequence[RowChange]) -> None:
    """Write changes in their order, those that follow each other on one column in one statement."""
    for (table, column), same in groupby(changes, lambda change: (change.table, change.column)):
        _write(table, column, list(same))


def holdings(ids: Sequence[int]) -> dict[int, Holdings]:
    """Return the rows of these persons, who stand for themselves. One query."""
    tables: dict[int, dict[str, list[dict[str, Any]]]] = {i: {table: [] for table in TABLES} for i in ids}
    for table, person_id, row in fetch(_LOAD, [list(ids)] * (len(TABLES) + 1)):
        tables[person_id][table].append(row)
    return {
        i: Holdings(
            person=next(row for row in of[PERSON] if row["id"] == i),
            shells=[row for row in of[PERSON] if row["id"] != i],
            points=of[POINT],
            positions=of[POSITION],
            consents=of[CONSENT],
            external=of[EXTERNAL],
        )
        for i, of in tables.items()
    }


def _write(table: str, column: str, changes: Sequence[RowChange]) -> None:
    """Write one kind of change; table and column come from `rules.merging`, never from input."""
    ids = [change.id for change in changes]
    if column == "*":
        run(f"delete from {table} where id = any(%s)", [ids])
        return
    values = [to_json({column: change.new}) for change in changes]
    run(
        f"""
        update {table} t set {column} = (jsonb_populate_record(null::{table}, n.value::jsonb)).{column}
          from unnest(%s::bigint[], %s::text[]) as n (id, value) where t.id = n.id
        """,
        [ids, values],
    )
