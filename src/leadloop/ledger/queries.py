"""Named reads of the ledger."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import orjson
from django.db import connection

from leadloop.ledger.contracts import Event
from leadloop.ledger.reads import Read, ask
from leadloop.ledger.sql import fetch

EVENT_COLUMNS = (
    "e.id, e.kind, e.happened_at, e.recorded_at, e.actor, e.person_id, e.company_id, e.lead_id, "
    "e.opportunity_id, e.programme_id, e.reason, e.agreement_version, e.amount, e.currency, e.base_amount, "
    "e.payload, e.cause_id"
)


def to_event(row: Sequence[Any]) -> Event:
    """From a row of (xid, *EVENT_COLUMNS)."""
    values = list(row[1:])
    values[15] = values[15] if isinstance(values[15], dict) else _loads(values[15])
    return Event(*values)


def _loads(payload: str | None) -> dict[str, Any]:
    return orjson.loads(payload) if payload else {}


def timeline(
    *, person_ids: Sequence[int], lead_id: int | None = None, before_id: int | None = None, limit: int = 50
) -> list[Event]:
    """Facts of these persons (a survivor and its old ids), newest first; of one lead only where it is given.

    `before_id` pages on: the id of the last fact of the page before. One query.
    """
    return ask(timeline_read(person_ids=person_ids, lead_id=lead_id, before_id=before_id, limit=limit))


def timeline_read(
    *, person_ids: Sequence[int], lead_id: int | None = None, before_id: int | None = None, limit: int = 50
) -> Read[list[Event]]:
    """What `timeline` asks, to be asked together with others."""
    return Read(
        f"""
        select 0, {EVENT_COLUMNS} from ledger_event e
         where e.person_id = any(%s::bigint[]) and (%s::bigint is null or e.lead_id = %s::bigint)
           and (%s::bigint is null or e.id < %s::bigint)
         order by e.id desc limit %s::bigint
        """,
        [list(person_ids), lead_id, lead_id, before_id, before_id, limit],
        lambda rows: [to_event(row) for row in rows],
    )


def parted_timeline(*, person_ids: Sequence[int], limit: int = 50) -> list[Event]:
    """What `timeline` tells, for persons of whom one was merged and parted again: facts of a lead go with its lead.

    The ledger is not rewritten, so facts of the time between stand under the one person of then; where a lead went
    is told by its `lead.moved_person`. One query.
    """
    return [to_event(row) for row in fetch(_PARTED, [list(person_ids)] * 3 + [limit])]


_PARTED = f"""
with gone as (
    select distinct on (lead_id) lead_id, person_id from ledger_event
     where kind = 'lead.moved_person'
       and lead_id in (select lead_id from ledger_event where person_id = any(%s::bigint[]) and lead_id is not null)
     order by lead_id, id desc
)
select 0, {EVENT_COLUMNS} from ledger_event e left join gone on gone.lead_id = e.lead_id
 where (e.person_id = any(%s::bigint[]) or e.lead_id in (select lead_id from gone))
   and coalesce(gone.person_id, e.person_id) = any(%s::bigint[])
 order by e.id desc limit %s::bigint
"""


def opportunity_timeline(*, opportunity_id: int, before_id: int | None = None, limit: int = 50) -> list[Event]:
    """Facts of one opportunity, newest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            select 0, {EVENT_COLUMNS} from ledger_event e
             where e.opportunity_id = %s and (%s::bigint is null or e.id < %s)
             order by e.id desc limit %s
            """,
            [opportunity_id, before_id, before_id, limit],
        )
        return [to_event(row) for row in cursor.fetchall()]


def backlog() -> list[dict[str, Any]]:
    """Where every subscription stands: name, lane, handled, moved_at, parked (facts that wait for a person)."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select s.name, s.lane, s.handled, s.moved_at,
                   (select count(*) from ledger_parked p
                     where p.subscription = s.name and p.lane = s.lane and p.state in ('failed', 'held'))
              from ledger_subscription s order by s.name, s.lane
            """
        )
        names = ("name", "lane", "handled", "moved_at", "parked")
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def parked(limit: int = 200) -> list[dict[str, Any]]:
    """Facts that wait for a person, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select p.id, p.subscription, p.event_id, e.kind, p.person_id, p.state, p.error, p.attempts, p.at
              from ledger_parked p join ledger_event e on e.id = p.event_id
             where p.state in ('failed', 'held') order by p.id limit %s
            """,
            [limit],
        )
        names = ("id", "subscription", "event_id", "kind", "person_id", "state", "error", "attempts", "at")
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def events_by_id(ids: Sequence[int]) -> list[Event]:
    """These facts in the order they were committed."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"select 0, {EVENT_COLUMNS} from ledger_event e where e.id = any(%s) order by e.epoch, e.xid, e.id",
            [list(ids)],
        )
        return [to_event(row) for row in cursor.fetchall()]


def kinds_present(kinds: Collection[str], *, by_users: bool = False) -> set[str]:
    """Those of the kinds of which there is any fact; with `by_users` any that a person did. One query, by the index.

    `by_users` reads all facts of a kind that nobody did: for kinds that are rare.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select kind from unnest(%s::text[]) as asked (kind)
             where exists (
                   select from ledger_event e
                    where e.kind = asked.kind and (not %s or starts_with(e.actor, 'user:')))
            """,
            [list(kinds), by_users],
        )
        return {kind for (kind,) in cursor.fetchall()}


def how_many(kind: str) -> int:
    """How many facts of a kind there are, for kinds that are rare. One query, by the index."""
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from ledger_event e where e.kind = %s", [kind])
        return int(cursor.fetchone()[0])


def events_with(*, kind: str, name: str, values: Collection[int]) -> list[Event]:
    """Facts of a kind whose payload field `name` is one of these numbers. Reads the kind's last facts: for repairs."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            select 0, {EVENT_COLUMNS} from ledger_event e
             where e.kind = %s and (e.payload ->> %s)::bigint = any(%s) order by e.epoch, e.xid, e.id
            """,
            [kind, name, list(values)],
        )
        return [to_event(row) for row in cursor.fetchall()]


def worked_on(person_ids: Collection[int], *, kinds: Collection[str] = ()) -> set[tuple[int, int | None]]:
    """Which of these persons, and which of their leads, somebody did something about: a user, or a fact of `kinds`.

    Pairs of person and lead, None where it was about the person alone. One query, by the index.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select distinct person_id, lead_id from ledger_event
             where person_id = any(%s) and (starts_with(actor, 'user:') or kind = any(%s))
            """,
            [list(person_ids), list(kinds)],
        )
        return set(cursor.fetchall())
