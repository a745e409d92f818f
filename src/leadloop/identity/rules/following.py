"""What becomes of suggestions when one of their persons is merged into another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from leadloop.identity.contracts import Verdict
from leadloop.people.contracts import RowChange

TABLE = "identity_suggestion"
Row = Mapping[str, Any]  # as PostgreSQL's to_jsonb gives it


def follow(rows: Sequence[Row], *, into: int, out_of: int, actor: str, at: str) -> list[RowChange]:
    """Return the changes to the suggestions of both persons, whole rows, those that go before those that come.

    The suggestion of the two counts as merged. What was said of the loser and a third holds for the survivor and the
    third; where both have one with the third, the decided one stays, and of two open ones the weightier.
    """
    standing = {_pair(row): row for row in rows if out_of not in _pair(row)}
    gone: list[Row] = []
    come: list[Row] = []
    for row in rows:
        if out_of not in _pair(row):
            continue
        moved = _moved(row, into, out_of, actor, at)
        gone.append(row)
        rival = standing.get(_pair(moved))
        if rival is not None and _rank(rival) >= _rank(moved):
            continue
        if rival is not None:
            gone.append(rival)
        come.append(moved)
    leaving = [RowChange(TABLE, row["id"], "*", dict(row), None) for row in gone]
    coming = [RowChange(TABLE, row["id"], "*", None, dict(row)) for row in come]
    return [*leaving, *coming]


def _pair(row: Row) -> tuple[int, int]:
    return row["low_id"], row["high_id"]


def _moved(row: Row, into: int, out_of: int, actor: str, at: str) -> Row:
    if into in _pair(row):
        return {**row, "state": str(Verdict.MERGED), "decided_by": actor, "decided_at": at}
    other = row["low_id"] + row["high_id"] - out_of
    return {**row, "low_id": min(into, other), "high_id": max(into, other)}


def _rank(row: Row) -> tuple[bool, float]:
    return row["state"] != Verdict.OPEN, row["weight"]
