"""Group commit: while one batch is being committed the next one gathers, and each is one statement."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence

import psycopg

from leadloop.capture import inbox
from leadloop.capture.contracts import Delivery, Received
from leadloop.capture.door.link import Away, Link
from leadloop.capture.door.spool import Spool
from leadloop.ledger.contracts import Lane

_BATCH = 500
_MOST_WAITING = 5_000
KEPT = 0  # no submission's number
_INSERT, _STANDING = inbox.INSERT, inbox.STANDING
Waiting = tuple[Delivery, "asyncio.Future[Received]"]


class Refused(Exception):
    """The database won't have this one delivery, whatever the others are like."""


class Group:
    """Stores deliveries in batches, on one lane. An answer is given after its batch is committed, never before.

    With a spool what can't be stored is kept there, and so is what comes while something waits there.
    """

    def __init__(self, links: Sequence[Link], *, lane: int = Lane.LIVE, spool: Spool | None = None) -> None:
        self._links = links
        self._lane = int(lane)
        self._spool = spool
        self._waiting: deque[Waiting] = deque()
        self._arrived = asyncio.Event()
        self._closing = False
        self._runners = [asyncio.create_task(self._run(link)) for link in links]

    async def put(self, delivery: Delivery) -> Received:
        """Store one delivery together with those of others. Raises Away when it may not have been stored.

        The number in the answer is KEPT when it waits in the spool.
        """
        if self._closing or len(self._waiting) >= _MOST_WAITING:
            raise Away
        future: asyncio.Future[Received] = asyncio.get_running_loop().create_future()
        self._waiting.append((delivery, future))
        self._arrived.set()
        return await future

    async def close(self) -> None:
        """Store what has arrived, answer it, and stop. What arrives later is turned away."""
        self._closing = True
        self._arrived.set()
        await asyncio.gather(*self._runners)

    async def _run(self, link: Link) -> None:
        while self._waiting or not self._closing:
            await self._arrived.wait()
            batch = [self._waiting.popleft() for _ in range(min(_BATCH, len(self._waiting)))]
            if not self._waiting and not self._closing:
                self._arrived.clear()
            if batch:
                await self._answer(link, batch)

    async def _answer(self, link: Link, batch: Sequence[Waiting]) -> None:
        """Store a batch and answer each of its senders, whatever happens."""
        if self._spool is not None and self._spool.holds:
            await self._keep(batch)
            return
        try:
            received = await _store(link, [delivery for delivery, _ in batch], self._lane)
        except (psycopg.DataError, psycopg.IntegrityError) as error:
            if len(batch) == 1:
                _fail(batch, Refused(type(error).__name__))
                return
            for one in batch:  # one of them is at fault; the others must not suffer for it
                await self._answer(link, [one])
        except (Away, psycopg.Error):
            await self._keep(batch)
        else:
            _tell(batch, received)

    async def _keep(self, batch: Sequence[Waiting]) -> None:
        """The database is away: keep a batch on disk where that is wanted, else say so."""
        try:
            if self._spool is None:
                raise Away
            await self._spool.keep([delivery for delivery, _ in batch], self._lane)
        except Away:
            _fail(batch, Away())
        else:
            _tell(batch, [Received(KEPT, known=False, digest=delivery.digest) for delivery, _ in batch])


async def _store(link: Link, deliveries: Sequence[Delivery], lane: int) -> list[Received]:
    ordered = inbox.in_order(deliveries)
    rows = await link.fetch(_INSERT, [lane, None, *inbox.columns(ordered)])
    stored = {(row[1], row[2]): row[0] for row in rows}
    missing = [(d.portal_id, d.key) for d in ordered if (d.portal_id, d.key) not in stored]
    standing: dict[inbox.KeyOf, tuple[int, str]] = {}
    if missing:
        found = await link.fetch(_STANDING, [[portal for portal, _ in missing], [key for _, key in missing]])
        standing = {(row[1], row[2]): (row[0], row[3]) for row in found}
    return inbox.answers(deliveries, ordered, stored, standing)


def _tell(batch: Sequence[Waiting], received: Sequence[Received]) -> None:
    for (_, future), answer in zip(batch, received, strict=True):
        if not future.done():
            future.set_result(answer)


def _fail(batch: Sequence[Waiting], error: Exception) -> None:
    for _, future in batch:
        if not future.done():
            future.set_exception(error)
