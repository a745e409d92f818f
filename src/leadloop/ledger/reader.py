"""Moving a subscription on: read what committed since, hand it over, remember the position. One transaction.

The position is a pair of snapshots, as PgQ has it: everything visible in `done` was handled, and the batch under
way reads what is visible in `upto`. A transaction that commits late is in neither, so the next pair delivers it;
an open writer delays only its own facts. Facts come ordered by transaction, then by id.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from heapq import merge
from itertools import islice
from typing import Any

import orjson
from django.db import connection, transaction

from leadloop.kernel.values import dataclass
from leadloop.ledger.contracts import Event, Lane
from leadloop.ledger.facts import meant
from leadloop.ledger.parking import handle_or_park
from leadloop.ledger.queries import EVENT_COLUMNS, to_event
from leadloop.ledger.sql import fetch

Handler = Callable[[Sequence[Event]], None]
Only = Mapping[str, Mapping[str, Any]]

NOTHING_SEEN = "1:1:"  # a snapshot in which no transaction is visible


# An idle position is left where it is until others wrote this many transactions: reading on from an older pair is
# just as right, and a write at every look would only bloat the table.
IDLE_STRIDE = 1000


@dataclass(frozen=True, slots=True)
class _Position:
    epoch: int
    done: str
    upto: str | None
    xid: int
    last_id: int
    newest_epoch: int
    snapshot: str

    @property
    def draining(self) -> bool:
        """True while facts of an earlier life of the database are still to be read."""
        return self.epoch < self.newest_epoch

    @property
    def bound(self) -> str | None:
        """The snapshot to read up to; None reads an earlier life to its end, where nothing can commit any more."""
        if self.upto is not None:
            return self.upto
        return None if self.draining else self.snapshot


def advance(
    name: str,
    *,
    lane: Lane,
    kinds: Sequence[str],
    handler: Handler,
    limit: int,
    only: Only | None = None,
) -> int | None:
    """Hand at most `limit` facts to `handler` and move the position, all in one transaction.

    `only` gives, by kind, what the payload has to hold; facts that don't are passed over. What was told before a field
    was there counts as its default. Returns how many facts were taken, or None when another process holds this
    subscription now. Effects of the handler in the database happen exactly once. A fact that the handler can't take is
    parked and holds back only further facts of its person.
    Database errors that pass by themselves (deadlock, lost connection) are raised.
    """
    with transaction.atomic():
        position = _lock(name, lane)
        if position is None:
            return None
        rows = _read(position, lane, kinds, limit, only)
        if rows:
            handle_or_park(name, lane, [to_event(row) for row in rows], handler)
        _move(name, lane, position, rows, full=len(rows) == limit, passed_over=bool(only))
        return len(rows)


_BEHIND = """
select s.name from ledger_subscription s
 where s.lane = %s and s.name = any(%s::text[])
   and (s.upto is not null
        or s.epoch < (select max(number) from ledger_epoch)
        or pg_snapshot_xmin(pg_current_snapshot())::text::bigint > s.xid::text::bigint + %s
        or exists (
           select from unnest(s.kinds) as k (kind) cross join lateral (
                  select from ledger_event e
                   where e.kind = k.kind and e.lane = s.lane
                     and e.epoch = s.epoch and (e.xid, e.id) > (s.xid, s.last_id)
                     and not pg_visible_in_snapshot(e.xid, s.done) limit 1) as unread))
"""


def behind(lane: Lane, *, names: Sequence[str]) -> set[str]:
    """Of these subscriptions those that `advance` would move. One query for all: most looks find nothing."""
    return {name for (name,) in fetch(_BEHIND, [int(lane), list(names), IDLE_STRIDE])}


def moment() -> str:
    """Which transactions are over, as a text: while it stays the same, nobody has written anything."""
    return str(fetch("select pg_current_snapshot()::text")[0][0])


def _lock(name: str, lane: Lane) -> _Position | None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select epoch, done::text, upto::text, xid::text, last_id,
                   (select max(number) from ledger_epoch), pg_current_snapshot()::text
              from ledger_subscription where name = %s and lane = %s for update skip locked
            """,
            [name, int(lane)],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    epoch, done, upto, xid, last_id, newest, snapshot = row
    return _Position(epoch, done, upto, int(xid), last_id, newest, snapshot)


def _read(
    position: _Position, lane: Lane, kinds: Sequence[str], limit: int, only: Only | None
) -> list[tuple[Any, ...]]:
    """One index scan per kind, merged by (xid, id): the index serves the order of one kind only."""
    per_kind = [_read_kind(position, lane, kind, limit, (only or {}).get(kind, {})) for kind in kinds]
    return list(islice(merge(*per_kind, key=lambda row: row[:2]), limit))


def _read_kind(
    position: _Position, lane: Lane, kind: str, limit: int, held: Mapping[str, Any]
) -> list[tuple[Any, ...]]:
    bound = position.bound
    unsaid = {name: value for name, value in meant(kind).items() if name in held}
    wanted = [orjson.dumps(values).decode() for values in (unsaid, held)]
    visible, until = "", []
    if bound:
        visible = "and e.xid < pg_snapshot_xmax(%s::pg_snapshot) and pg_visible_in_snapshot(e.xid, %s::pg_snapshot)"
        until = [bound, bound]
    return fetch(
        f"""
        select e.xid::text::bigint, {EVENT_COLUMNS} from ledger_event e
         where e.kind = %s and e.lane = %s and e.epoch = %s
           and (e.xid, e.id) > (%s::text::xid8, %s::bigint)
           and not pg_visible_in_snapshot(e.xid, %s::pg_snapshot) {visible}
           and (%s::jsonb || coalesce(e.payload, '{{}}')) @> %s::jsonb
         order by e.xid, e.id limit %s
        """,
        [kind, int(lane), position.epoch, str(position.xid), position.last_id, position.done, *until, *wanted, limit],
    )


def _move(
    name: str, lane: Lane, position: _Position, rows: list[tuple[Any, ...]], *, full: bool, passed_over: bool
) -> None:
    if full:
        xid, last_id = rows[-1][:2]
        _save(name, lane, position.epoch, position.done, position.bound, str(xid), last_id, len(rows))
    elif position.bound is not None:
        xmin = position.bound.split(":")[0]
        # What was passed over isn't read again: a route is looked at when facts of its kinds are new.
        if rows or passed_over or position.upto or position.draining or int(xmin) > position.xid + IDLE_STRIDE:
            _save(name, lane, position.epoch, position.bound, None, xmin, 0, len(rows))
    else:
        _save(name, lane, position.epoch + 1, NOTHING_SEEN, None, "0", 0, len(rows))


def _save(name: str, lane: Lane, epoch: int, done: str, upto: str | None, xid: str, last_id: int, handled: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            update ledger_subscription
               set epoch = %s, done = %s::pg_snapshot, upto = %s::pg_snapshot, xid = %s::text::xid8, last_id = %s,
                   handled = handled + %s, moved_at = clock_timestamp()
             where name = %s and lane = %s
            """,
            [epoch, done, upto, xid, last_id, handled, name, int(lane)],
        )


def subscribe(name: str, *, kinds: Sequence[str], from_start: bool) -> None:
    """Make sure the subscription exists on both lanes. A new one begins at the first fact, or with the next."""
    with connection.cursor() as cursor:
        for lane in Lane:
            cursor.execute(
                """
                insert into ledger_subscription (name, lane, kinds, epoch, done, xid)
                select %(name)s, %(lane)s, %(kinds)s,
                       case when %(start)s then min(number) else max(number) end,
                       case when %(start)s then %(nothing)s::pg_snapshot else pg_current_snapshot() end,
                       case when %(start)s then '0'::xid8 else pg_snapshot_xmin(pg_current_snapshot()) end
                  from ledger_epoch
                on conflict (name, lane) do update set kinds = excluded.kinds
                 where ledger_subscription.kinds <> excluded.kinds
                """,
                {
                    "name": name,
                    "lane": int(lane),
                    "kinds": list(kinds),
                    "start": from_start,
                    "nothing": NOTHING_SEEN,
                },
            )
