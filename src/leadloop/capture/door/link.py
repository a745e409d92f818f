"""One connection of the door's own: it comes back by itself, and nobody waits for it longer than said."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import psycopg

Row = tuple[Any, ...]
_SECONDS = 0.9  # a delivery waits for at most one batch before its own: answered within two seconds
_IN_HAND = 0.1  # seconds by which a statement ends before its caller gives up


class Away(Exception):
    """The database can't be reached, or takes too long."""


class Link:
    """An autocommit connection, made when first needed. One caller at a time."""

    def __init__(self, dsn: str, *, seconds: float = _SECONDS) -> None:
        self._dsn, self._seconds = dsn, seconds
        self._connection: psycopg.AsyncConnection[Row] | None = None
        self._abandoned: set[asyncio.Task[list[Row]]] = set()

    async def fetch(self, statement: str, params: Sequence[Any]) -> list[Row]:
        """Run one statement and return its rows. Raises Away, or what PostgreSQL says is wrong with the data.

        A lost connection is made anew and the statement repeated, so it must be safe to repeat.
        """
        task = asyncio.create_task(self._attempts(statement, params))
        done, _ = await asyncio.wait({task}, timeout=self._seconds)
        if not done:
            self._abandon(task)
            raise Away
        return task.result()

    async def close(self) -> None:
        """Close the connection; the link can be used again."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(psycopg.Error, OSError):
                await connection.close()

    async def _attempts(self, statement: str, params: Sequence[Any]) -> list[Row]:
        try:
            return await self._attempt(statement, params)
        except psycopg.errors.QueryCanceled:
            raise Away from None
        except (psycopg.OperationalError, psycopg.InterfaceError, OSError):
            await self.close()
        try:
            return await self._attempt(statement, params)
        except (psycopg.OperationalError, psycopg.InterfaceError, OSError):
            await self.close()
            raise Away from None

    async def _attempt(self, statement: str, params: Sequence[Any]) -> list[Row]:
        if self._connection is None:
            self._connection = await psycopg.AsyncConnection.connect(
                self._dsn,
                autocommit=True,
                prepare_threshold=0,
                application_name="leadloop door",
                options=f"-c statement_timeout={round((self._seconds - _IN_HAND) * 1000)}",
            )
        cursor = await self._connection.execute(statement, params, binary=True)
        return await cursor.fetchall()

    def _abandon(self, task: asyncio.Task[list[Row]]) -> None:
        """Leave a connection that doesn't answer to its fate; the next caller gets a new one."""
        self._connection = None
        self._abandoned.add(task)
        task.add_done_callback(self._forget)
        task.cancel()

    def _forget(self, task: asyncio.Task[list[Row]]) -> None:
        self._abandoned.discard(task)
        if not task.cancelled():
            task.exception()  # looked at, so that it isn't reported as never retrieved
