"""Storing thousands of rows in one statement, away from the loop that answers single deliveries."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import psycopg

from leadloop.capture import inbox
from leadloop.capture.contracts import Delivery, Received
from leadloop.capture.door.link import Away, Row

_STATEMENT_MS = 20_000
_CONNECT_SECONDS = 2
_MOST_WAITING = 8
_NAMES = "portal_id, delivery_key, digest, body, content_type, context"
# The first row holds the sender's key. It is looked at by an update that changes nothing, because that waits for
# whoever stores the same key at this moment and then sees theirs; the others follow only if it came with this body.
_STORE = f"""
with given as materialized (
  select * from unnest(%b::bigint[], %b::text[], %b::text[], %b::bytea[], %b::text[], %b::text[])
                with ordinality as g ({_NAMES}, place)
), first as (
  insert into capture_submission (lane, received_at, {_NAMES})
  select %b, now(), portal_id, delivery_key, digest, body, content_type, context::jsonb from given where place = 1
      on conflict (portal_id, delivery_key) do update set digest = capture_submission.digest
  returning id, delivery_key, digest, (xmax = 0) as is_new
), others as (
  insert into capture_submission (lane, received_at, {_NAMES})
  select %b, now(), g.portal_id, g.delivery_key, g.digest, g.body, g.content_type, g.context::jsonb
    from given g cross join first
   where g.place > 1 and first.digest = g.digest
   order by g.place
      on conflict (portal_id, delivery_key) do nothing
  returning id, delivery_key, digest
)
select id, delivery_key, digest, is_new from first union all select id, delivery_key, digest, true from others
"""


class Heavy:
    """A connection of its own, used by one caller at a time in a thread. Further ones wait, too many are Away."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._connection: psycopg.Connection[Row] | None = None
        self._turn = asyncio.Lock()
        self._waiting = 0

    async def __aenter__(self) -> None:
        """Wait for one's turn before a body is read, so that at most one is held at a time. Raises Away."""
        if self._waiting >= _MOST_WAITING:
            raise Away
        self._waiting += 1
        try:
            await self._turn.acquire()
        finally:
            self._waiting -= 1

    async def __aexit__(self, *_: object) -> None:
        self._turn.release()

    def store(self, deliveries: Sequence[Delivery], lane: int) -> list[Received]:
        """Store rows of one sender, all or none, and answer each. Blocks: call it in a thread, in one's turn.

        When the first one's key is known with another digest none is stored; the answers then carry that digest.
        Raises Away.
        """
        keyed: dict[str, tuple[int, str, bool]] = {}
        columns = inbox.columns(deliveries)[:6]
        for row_id, key, digest, is_new in self._fetch(_STORE, [*columns, lane, lane]):
            keyed[key] = (row_id, digest, is_new)
        missing = [d for d in deliveries if d.key not in keyed]
        if missing:
            asked = [[d.portal_id for d in missing], [d.key for d in missing]]
            keyed |= {row[2]: (row[0], row[3], False) for row in self._fetch(inbox.STANDING, asked)}
        first = keyed[deliveries[0].key]
        return [_received(keyed.get(d.key, first), first[1]) for d in deliveries]

    async def close(self) -> None:
        """Wait for whoever has their turn, then let the connection go."""
        async with self._turn:
            self._drop()

    def _drop(self) -> None:
        """Let the connection go; it comes back by itself."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(psycopg.Error, OSError):
                connection.close()

    def _fetch(self, statement: str, params: Sequence[Any]) -> list[Row]:
        """Run a statement that is safe to repeat, once more on a new connection when the old one was lost."""
        for last in (False, True):
            try:
                return self._connected().execute(statement, params, binary=True).fetchall()
            except psycopg.errors.QueryCanceled:
                raise Away from None
            except (psycopg.OperationalError, psycopg.InterfaceError, OSError):
                self._drop()
                if last:
                    raise Away from None
        raise Away

    def _connected(self) -> psycopg.Connection[Row]:
        if self._connection is None:
            self._connection = psycopg.Connection.connect(
                self._dsn,
                autocommit=True,
                connect_timeout=_CONNECT_SECONDS,
                application_name="leadloop door bulk",
                options=f"-c statement_timeout={_STATEMENT_MS}",
            )
        return self._connection


def _received(found: tuple[int, str, bool], digest: str) -> Received:
    return Received(found[0], not found[2], digest)
