"""Storing raw deliveries, many in one statement. The capture door uses the same statements on its own connection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from leadloop.capture.contracts import Delivery, Received
from leadloop.ledger.contracts import Lane
from leadloop.ledger.sql import batch_cursor

_COLUMNS = (
    ("portal_id", "bigint"),
    ("delivery_key", "text"),
    ("digest", "text"),
    ("body", "bytea"),
    ("content_type", "text"),
    ("context", "text"),
    ("import_run_id", "bigint"),
    ("row_number", "int"),
)
_OWN = (("lane", "int"), ("received_at", "timestamptz"))


def _insert(lane: str, received_at: str, given: Sequence[tuple[str, str]]) -> str:
    """The statement that stores deliveries unless their keys are known; `given` names the arrays handed in."""
    return f"""
insert into capture_submission (lane, received_at, {", ".join(name for name, _ in _COLUMNS)})
select {lane}, {received_at}, portal_id, delivery_key, digest, body, content_type, context::jsonb,
       import_run_id, row_number
  from unnest({", ".join(f"%b::{type_}[]" for _, type_ in given)})
       with ordinality as given ({", ".join(name for name, _ in given)}, place)
 order by place
    on conflict (portal_id, delivery_key) do nothing
returning id, portal_id, delivery_key
"""


# Whoever inserts the same keys in another order could wait for us while we wait for them: keys go in sorted.
INSERT = _insert("%b", "coalesce(%b::timestamptz, now())", _COLUMNS)
INSERT_KEPT = _insert("lane", "received_at", (*_COLUMNS, *_OWN))  # of other moments, when they were acknowledged
STANDING = """
select s.id, s.portal_id, s.delivery_key, s.digest
  from capture_submission s
  join unnest(%b::bigint[], %b::text[]) as asked (portal_id, delivery_key)
    on s.portal_id = asked.portal_id and s.delivery_key = asked.delivery_key
"""
KeyOf = tuple[int, str]


def in_order(deliveries: Sequence[Delivery]) -> list[Delivery]:
    """Return one delivery per key, as they came, those that others may be sending too last and sorted.

    Rows of files keep their order, for one portal takes one file at a time.
    """
    unique: dict[KeyOf, Delivery] = {}
    for delivery in deliveries:
        unique.setdefault((delivery.portal_id, delivery.key), delivery)
    return sorted(unique.values(), key=lambda d: (d.portal_id, d.key) if is_shared(d.key) else (0, ""))


def is_shared(key: str) -> bool:
    """Tell whether a key was given by the sender, who may be sending it elsewhere at the same time."""
    return key.startswith(("key:", "event:"))


def columns(deliveries: Sequence[Delivery]) -> list[list[Any]]:
    """Return what INSERT wants after lane and time."""
    return [
        [d.portal_id for d in deliveries],
        [d.key for d in deliveries],
        [d.digest for d in deliveries],
        [d.body for d in deliveries],
        [d.content_type for d in deliveries],
        [orjson.dumps(d.context).decode() if d.context else "{}" for d in deliveries],
        [d.import_run_id for d in deliveries],
        [d.row_number for d in deliveries],
    ]


def store(deliveries: Sequence[Delivery], *, lane: Lane, received_at: Any = None) -> list[Received]:
    """Store deliveries and return an answer to each, in order. One statement, two when some were known."""
    ordered = in_order(deliveries)
    with batch_cursor() as cursor:
        cursor.execute(INSERT, [int(lane), received_at, *columns(ordered)])
        stored: dict[KeyOf, int] = {(row[1], row[2]): row[0] for row in cursor.fetchall()}
        missing = [(d.portal_id, d.key) for d in ordered if (d.portal_id, d.key) not in stored]
        standing: dict[KeyOf, tuple[int, str]] = {}
        if missing:
            cursor.execute(STANDING, [[portal for portal, _ in missing], [key for _, key in missing]])
            standing = {(row[1], row[2]): (row[0], row[3]) for row in cursor.fetchall()}
    return answers(deliveries, ordered, stored, standing)


def answers(
    deliveries: Sequence[Delivery],
    ordered: Sequence[Delivery],
    stored: dict[KeyOf, int],
    standing: dict[KeyOf, tuple[int, str]],
) -> list[Received]:
    """Return an answer per delivery; of several with one key the first is stored, the others known."""
    firsts = {(d.portal_id, d.key): d for d in ordered}
    found = []
    for delivery in deliveries:
        key = (delivery.portal_id, delivery.key)
        first = firsts[key]
        if key in stored:
            found.append(Received(stored[key], delivery is not first, first.digest))
        else:
            submission_id, digest = standing[key]
            found.append(Received(submission_id, True, digest))  # noqa: FBT003 - the row's own field
    return found
