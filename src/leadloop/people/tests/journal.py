"""Undoing a journal by its word alone: what shows that nothing is missing from it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from leadloop.ledger.sql import fetch
from leadloop.people.sql import run

KEY = {"identity_alias": "old_id"}


def undo(journal: Sequence[dict[str, Any]]) -> None:
    """Write every row of a journal back, the last first."""
    for change in reversed(json.loads(json.dumps(journal))):
        table, key = change["table"], KEY.get(change["table"], "id")
        if change["column"] != "*":
            column = change["column"]
            old = f"(jsonb_populate_record(null::{table}, %s::jsonb)).{column}"
            values = [json.dumps({column: change["old"]}), change["id"]]
            run(f"update {table} set {column} = {old} where {key} = %s", values)
        elif change["new"] is None:
            run(
                f"insert into {table} select * from jsonb_populate_record(null::{table}, %s::jsonb)",
                [json.dumps(change["old"])],
            )
        else:
            run(f"delete from {table} where {key} = %s", [change["id"]])


def everything(tables: Sequence[str]) -> dict[str, list[str]]:
    """All rows of these tables, in their order."""
    return {
        table: [row for (row,) in fetch(f"select to_jsonb(t)::text from {table} t order by {KEY.get(table, 'id')}", [])]
        for table in tables
    }
