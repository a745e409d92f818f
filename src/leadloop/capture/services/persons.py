"""Whose an inquiry is, when two persons become one or are parted again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from leadloop.capture.contracts import Parsed
from leadloop.capture.services.processing import find, read
from leadloop.kernel import clock
from leadloop.ledger.sql import columns, fetch, run

_MOVE = "update capture_inquiry set person_id = %s where person_id = %s returning id"
_RETURN = """
update capture_inquiry i set person_id = given.person_id, lead_id = coalesce(given.lead_id, i.lead_id)
  from unnest(%s::bigint[], %s::bigint[], %s::bigint[]) as given (id, person_id, lead_id)
 where i.id = given.id
"""


def move_person(loser_id: int, survivor_id: int) -> list[int]:
    """Hand the inquiries of one person to another, and return their ids. One statement."""
    return sorted(inquiry_id for (inquiry_id,) in fetch(_MOVE, [survivor_id, loser_id]))


def give(inquiries: Sequence[tuple[int, int, int | None]]) -> int:
    """Say whose inquiries are, as (inquiry, person, lead; None where the lead stays). One statement.

    What a delivery ended as when it came in (`outcome`) stays: that is how it was counted.
    """
    return run(_RETURN, columns(inquiries)) if inquiries else 0


def read_again(ids: Collection[int]) -> dict[int, Parsed]:
    """Read deliveries once more, by id; those that can't be read any more are left out. Writes nothing."""
    claimed = [replace(one, released=True) for one in find(ids)]  # whatever lists say now, it came in
    parsed, _ = read(claimed=claimed, now=clock.now())
    return {one.ref: one for one in parsed}
