"""A fact that a handler can't take stands aside with its error and holds back only its own person."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import psycopg
import structlog
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction

from leadloop.ledger.contracts import Actor, Event, Lane
from leadloop.ledger.queries import events_by_id
from leadloop.ledger.services import current_lane
from leadloop.ledger.services import lane as on_lane
from leadloop.ledger.sql import fetch

log = structlog.get_logger()

# These pass by themselves: the whole batch is tried again. They say nothing about a fact.
TRANSIENT = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)


def handle_or_park(name: str, lane: Lane, events: Sequence[Event], handler: Callable[[Sequence[Event]], None]) -> None:
    """Hand the facts over; bisect where the handler fails, park the culprit, hold its person's later facts.

    What the handler records travels on the lane of what it was handed.
    """
    blocked = _blocked_persons(name, [e.person_id for e in events if e.person_id is not None])
    free = [e for e in events if e.person_id not in blocked]
    held = [e for e in events if e.person_id in blocked]
    with on_lane(lane):
        _try(name, lane, free, handler, blocked, held)
    _park(name, lane, held, "held", "")


def _try(
    name: str,
    lane: Lane,
    events: Sequence[Event],
    handler: Callable[[Sequence[Event]], None],
    blocked: set[int],
    held: list[Event],
) -> None:
    now_free = [e for e in events if e.person_id not in blocked]
    held.extend(e for e in events if e.person_id in blocked)
    if not now_free:
        return
    try:
        with transaction.atomic():
            handler(now_free)
    except TRANSIENT:
        raise
    except Exception as error:
        if len(now_free) == 1:
            _fail(name, lane, now_free[0], error, blocked)
            return
    else:
        return
    middle = len(now_free) // 2
    _try(name, lane, now_free[:middle], handler, blocked, held)
    _try(name, lane, now_free[middle:], handler, blocked, held)


def _fail(name: str, lane: Lane, event: Event, error: Exception, blocked: set[int]) -> None:
    log.error("fact parked", subscription=name, event_id=event.id, kind=event.kind, error=type(error).__name__)
    _park(name, lane, [event], "failed", _describe(error))
    if event.person_id is not None:
        blocked.add(event.person_id)


def _describe(error: Exception) -> str:
    """Type and first line: the rest of a database error can quote personal data."""
    text = str(error).splitlines()[0] if str(error) and not isinstance(error, DatabaseError) else ""
    return f"{type(error).__name__}: {text}"[:500]


def _blocked_persons(name: str, person_ids: Sequence[int]) -> set[int]:
    if not person_ids:
        return set()
    found = fetch(
        """
        select distinct person_id from ledger_parked
         where subscription = %s and state in ('failed', 'held') and person_id = any(%s::bigint[])
        """,
        [name, list(person_ids)],
    )
    return {person_id for (person_id,) in found}


def _park(name: str, lane: Lane, events: Sequence[Event], state: str, error: str) -> None:
    if not events:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into ledger_parked (subscription, lane, event_id, person_id, state, error)
            select %s, %s, event_id, person_id, %s, %s
              from unnest(%s::bigint[], %s::bigint[]) as e (event_id, person_id)
            on conflict (subscription, event_id)
              do update set state = excluded.state, error = excluded.error, attempts = ledger_parked.attempts + 1
            """,
            [name, int(lane), state, error, [e.id for e in events], [e.person_id for e in events]],
        )


def park(name: str, events: Sequence[Event], error: Exception) -> None:
    """Set facts aside that could not be acted on outside a subscription; they are replayed under this name."""
    _park(name, current_lane(), events, "failed", _describe(error))


def replay(name: str, *, handler: Callable[[Sequence[Event]], None], actor: Actor, person_id: int | None = None) -> int:
    """Hand parked facts of a subscription over again, in order; of one person where given.

    Returns how many were taken. What fails again stays parked, with one more attempt counted.
    """
    with transaction.atomic():
        waiting = _lock_waiting(name, person_id)
        if not waiting:
            return 0
        _settle(name, list(waiting), "replayed", actor)
        for lane in sorted(set(waiting.values())):
            ids = [event_id for event_id, of_lane in waiting.items() if of_lane == lane]
            handle_or_park(name, Lane(lane), events_by_id(ids), handler)
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from ledger_parked where subscription = %s and event_id = any(%s) and state = 'replayed'",
            [name, list(waiting)],
        )
        return int(cursor.fetchone()[0])


def skip(name: str, *, event_ids: Sequence[int], actor: Actor) -> None:
    """A person decides that these facts need not be handled; those held behind them can then be replayed."""
    _settle(name, event_ids, "skipped", actor)


def _lock_waiting(name: str, person_id: int | None) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select event_id, lane from ledger_parked
             where subscription = %s and state in ('failed', 'held') and (%s::bigint is null or person_id = %s)
             order by id for update
            """,
            [name, person_id, person_id],
        )
        return dict(cursor.fetchall())


def _settle(name: str, event_ids: Sequence[int], state: str, actor: Actor) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            update ledger_parked set state = %s, settled_at = clock_timestamp(), settled_by = %s
             where subscription = %s and event_id = any(%s) and state in ('failed', 'held')
            """,
            [state, actor, name, list(event_ids)],
        )
