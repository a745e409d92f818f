"""Deliveries kept on this machine's disk while the database is away, and stored in their order once it is back.

A batch is one file: written whole, synced, renamed into place, its folder synced. What is there was acknowledged; what
a kill left half-written never was, and is removed. A file goes once its deliveries are stored. A kill between storing
and removing stores them once more, which their keys make count once.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import structlog

from leadloop.capture import inbox
from leadloop.capture.contracts import Delivery
from leadloop.capture.door.link import Away, Link
from leadloop.capture.door.spooled import Spooled, Unreadable, apart, read, without, written

log = structlog.get_logger()

READY, HALF, ASIDE = ".kept", ".half", ".aside"
_AGAIN_SECONDS = 0.5
_AT_ONCE, _BYTES_AT_ONCE = 500, 8 << 20  # of deliveries in one statement
_HALF_SECONDS = 60
_FEWEST_FREE = 1 << 28  # bytes; the database may share the disk, and needs some to come back


def standing(folder: Path) -> tuple[int, int]:
    """How many files wait to be stored, and how many were put aside because they can't be."""
    return len(list(folder.glob(f"*{READY}"))), len(list(folder.glob(f"*{ASIDE}")))


def forget(folder: Path, addresses: Sequence[str]) -> int:
    """Take deliveries that hold one of these addresses out of what was put aside; returns from how many files."""
    touched = 0
    for file in folder.glob(f"*{ASIDE}") if addresses else ():
        before = file.read_bytes()
        after = without(before, addresses)
        if len(after) < len(before):
            touched += 1
            if after:
                file.write_bytes(after)
            else:
                file.unlink()
    return touched


class Spool:
    """A folder of batches, shared by the processes that open it; one of them stores what is in it.

    `link` is a connection of its own. While `holds` is true new deliveries go behind what waits.
    """

    def __init__(self, folder: Path, link: Link) -> None:
        self._folder, self._link = folder, link
        self._turn = asyncio.Lock()
        self._last = 0
        self._emptying: asyncio.Task[None] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        self._remove_halves()
        self.holds = False
        if self._files():
            self.doubt()

    async def keep(self, deliveries: Sequence[Delivery], lane: int) -> None:
        """Write deliveries down; once this returns they survive a power cut. Raises Away when they can't be."""
        async with self._turn:
            try:
                await asyncio.to_thread(self._write, deliveries, lane)
            except OSError as error:
                log.error("deliveries can't be kept on disk", why=str(error))
                raise Away from None
            self.doubt()

    def doubt(self) -> None:
        """The database has just not answered: what comes is kept until it does."""
        self.holds = True
        self._begin()

    async def close(self) -> None:
        """Stop storing. What is left stays for the next who opens the folder."""
        task, self._emptying = self._emptying, None
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def _begin(self) -> None:
        if self._emptying is None or self._emptying.done():
            self._emptying = asyncio.create_task(self._empty())

    async def _empty(self) -> None:
        while self.holds:
            try:
                await self._link.fetch("select 1", [])  # before anything is read from disk
                with self._alone() as mine:
                    if mine:
                        await self._store_all()
                async with self._turn:  # nobody is writing now
                    self.holds = bool(await asyncio.to_thread(self._files))
            except Away:
                pass
            except Exception as error:  # whatever it is, what was acknowledged is tried again
                log.exception("what was kept on disk could not be stored", why=type(error).__name__)
            if self.holds:
                await asyncio.sleep(_AGAIN_SECONDS)

    async def _store_all(self) -> None:
        """Store what is there now, the oldest first, and remove its files. Raises Away."""
        files, found = [], list[Spooled]()
        for file in await asyncio.to_thread(self._files):
            try:
                found += await asyncio.to_thread(read, file)
            except Unreadable:
                self._put_aside(file)
                continue
            files.append(file)
            if len(found) >= _AT_ONCE or sum(len(one.delivery.body) for one in found) >= _BYTES_AT_ONCE:
                await self._store_these(files, found)
                files, found = [], []
        if files:
            await self._store_these(files, found)

    async def _store_these(self, files: Sequence[Path], found: Sequence[Spooled]) -> None:
        refused = await self._store(found)
        await asyncio.to_thread(self._done, files, refused)

    async def _store(self, found: Sequence[Spooled]) -> list[Spooled]:
        """Store what can be, and return what the database won't have. Raises Away."""
        try:
            await self._insert(found)
        except (psycopg.DataError, psycopg.IntegrityError):
            if len(found) == 1:
                return list(found)
            return [one for each in found for one in await self._store([each])]
        except psycopg.Error:
            raise Away from None
        return []

    async def _insert(self, found: Sequence[Spooled]) -> None:
        firsts: dict[inbox.KeyOf, Spooled] = {}
        for one in found:
            firsts.setdefault(one.key, one)
        columns = inbox.columns([one.delivery for one in firsts.values()])
        own = [[one.lane for one in firsts.values()], [one.at for one in firsts.values()]]
        rows = await self._link.fetch(inbox.INSERT_KEPT, [*columns, *own])
        stored = {(row[1], row[2]): firsts[row[1], row[2]].delivery.digest for row in rows}
        asked = [one.key for one in found if one.key not in stored]
        if asked:
            keys = [[portal for portal, _ in asked], [key for _, key in asked]]
            stored |= {(row[1], row[2]): row[3] for row in await self._link.fetch(inbox.STANDING, keys)}
        # Acknowledged under a key that another body has: its sender can't be told any more, so it counts by itself.
        others = [apart(one) for one in found if stored[one.key] != one.delivery.digest]
        if others:
            await self._insert(others)

    def _write(self, deliveries: Sequence[Delivery], lane: int) -> None:
        content = written([Spooled(one, lane, datetime.now(UTC)) for one in deliveries])
        room = os.statvfs(self._folder)
        if room.f_bavail * room.f_frsize < _FEWEST_FREE + len(content):
            raise OSError("there is no room left on the disk")
        self._last = max(self._last + 1, time.time_ns())
        name = f"{self._last:020d}-{os.getpid()}"
        half, ready = self._folder / f"{name}{HALF}", self._folder / f"{name}{READY}"
        with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        half.rename(ready)
        self._sync()

    def _done(self, files: Sequence[Path], refused: Sequence[Spooled]) -> None:
        if refused:
            log.error("deliveries kept on disk are refused by the database", count=len(refused), beside=str(files[0]))
            files[0].with_suffix(ASIDE).write_bytes(written(refused))
        for file in files:
            file.unlink(missing_ok=True)
        self._sync()

    def _put_aside(self, file: Path) -> None:
        log.error("a file of kept deliveries can't be read", file=str(file))
        file.rename(file.with_suffix(ASIDE))

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob(f"*{READY}"))

    def _remove_halves(self) -> None:
        """Remove what a kill has left half-written; another process may be writing one right now."""
        for file in self._folder.glob(f"*{HALF}"):
            with suppress(FileNotFoundError):
                if time.time() - file.stat().st_mtime > _HALF_SECONDS:
                    file.unlink()

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        """Whether no other process stores from this folder meanwhile."""
        with (self._folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                yield False
                return
            yield True

    def _sync(self) -> None:
        handle = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
