"""What the door did not take, counted per portal and reason: in memory, written down every few seconds.

Whoever knocks without a key costs an addition and no statement. A process that is killed forgets the last seconds.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress

import psycopg

from leadloop.capture.door.link import Away, Link

EVERY_SECONDS = 2.0
QUARTER = "15 minutes"  # zones differ by no less
_WRITE = f"""
insert into capture_doorcount (portal_id, at, reason, count)
select portal_id, date_bin('{QUARTER}', now(), timestamptz '2000-01-01'), reason, count
  from unnest(%b::bigint[], %b::text[], %b::bigint[]) as given (portal_id, reason, count)
 order by portal_id, reason
    on conflict (portal_id, at, reason) do update set count = capture_doorcount.count + excluded.count
returning 1
"""


class Tally:
    """Counts by portal and reason."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._counts: Counter[tuple[int, str]] = Counter()
        self._writer: asyncio.Task[None] | None = None

    def add(self, portal_id: int, reason: str, count: int = 1) -> None:
        """Count something; it is written down soon."""
        self._counts[portal_id, reason] += count
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_soon())

    async def close(self) -> None:
        """Write down what was counted."""
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.cancel()
            with suppress(asyncio.CancelledError):
                await writer
        await self._write()

    async def _write_soon(self) -> None:
        await asyncio.sleep(EVERY_SECONDS)
        self._writer = None
        await self._write()

    async def _write(self) -> None:
        counted, self._counts = self._counts, Counter()
        if not counted:
            return
        portals, reasons = [key[0] for key in counted], [key[1] for key in counted]
        try:
            await self._link.fetch(_WRITE, [portals, reasons, list(counted.values())])
        except (Away, psycopg.Error):
            self._counts.update(counted)  # the next one to be counted brings them along
