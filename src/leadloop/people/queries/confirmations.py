"""Consents that somebody was asked by mail to confirm."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from leadloop.ledger.sql import fetch
from leadloop.people.contracts import Asked, ConfirmationRow

_ROW = """
select c.id, coalesce(p.merged_into_id, p.id), c.channel, c.purpose, c.wording, c.source, c.digest, c.asked_at,
       c.expires_at, c.confirmed_at
  from people_confirmation c join people_person p on p.id = c.person_id
"""
_STATE = """
case when c.confirmed_at is not null then 'confirmed' when c.expires_at > %s then 'waiting' else 'expired' end
"""


def confirmation(confirmation_id: int) -> ConfirmationRow | None:
    """One of them, None when there is none. One query."""
    found = fetch(f"{_ROW} where c.id = %s", [confirmation_id])
    return ConfirmationRow(*found[0]) if found else None


def confirmations_by_id(ids: Collection[int]) -> dict[int, ConfirmationRow]:
    """Several, by id. One query."""
    return {row[0]: ConfirmationRow(*row) for row in fetch(f"{_ROW} where c.id = any(%s)", [list(ids)])}


def confirmations_of(person_ids: Collection[int], *, limit: int = 20) -> list[ConfirmationRow]:
    """What a person was asked, newest first, given all ids they have or had. One query."""
    found = fetch(
        f"{_ROW} where c.person_id = any(%s) order by c.asked_at desc, c.id desc limit %s", [list(person_ids), limit]
    )
    return [ConfirmationRow(*row) for row in found]


def confirmation_counts(source: str, *, now: datetime) -> dict[Asked, int]:
    """How many stand in which state, of those asked for one source. One query."""
    found = fetch(f"select {_STATE}, count(*) from people_confirmation c where c.source = %s group by 1", [now, source])
    counted = dict(found)
    return {state: counted.get(str(state), 0) for state in Asked}


def confirmations_for(
    source: str, state: Asked | None, *, now: datetime, before: int | None = None, limit: int = 50
) -> list[ConfirmationRow]:
    """Those asked for one source, in one state or any, newest first; `before` an id. One query."""
    found = fetch(
        f"""{_ROW} where c.source = %s and (%s::text is null or {_STATE} = %s) and (%s::bigint is null or c.id < %s)
         order by c.id desc limit %s""",
        [source, state and str(state), now, state and str(state), before, before, limit],
    )
    return [ConfirmationRow(*row) for row in found]
