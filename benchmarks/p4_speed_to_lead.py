"""P4: how long an inquiry is on its way from the sender to its owner's worklist, in calm and during an import."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from uuid import uuid4

import orjson
import psycopg
import uvloop

from benchmarks.company import FILE, SERVER, Company, settle
from benchmarks.http import Sender, post
from benchmarks.inquirers import body
from benchmarks.processes import running
from benchmarks.result import Result, Row
from benchmarks.timing import percentile
from leadloop.capture.services import delivery_key
from leadloop.platform.config import load
from leadloop.platform.database.urls import addresses

SELLERS = 50
PER_SECOND, CALM_SECONDS, WARM_SECONDS = 100, 20, 5
IMPORTED = 40_000
LOOK_SECONDS, PATIENCE = 0.01, 60
CALM_BAR, BUSY_BAR = 0.3, 1.0  # seconds, p95
FIRST_SENT = 5_000_000  # nobody in the file is among those who write
# Asked a hundred times a second, so it must cost next to nothing: it goes from the few keys that are missing, never
# from the many leads there are, as PostgreSQL likes to go about a join of tables that it has not counted yet.
ARRIVED = """
select s.delivery_key
  from capture_submission s
 where s.portal_id = %s and s.delivery_key = any(%s::text[])
   and (select l.stage = 'assigned' and l.owner_id = any(%s)
          from capture_inquiry i
          join leads_lead l on l.id = i.lead_id
         where i.id = s.id)
"""
WAITING = "select exists (select from capture_submission where portal_id = %s and state = 'received')"

Going = Callable[[], Awaitable[bool]]


def measure() -> Result:
    """See the module."""
    company = settle(SELLERS)
    with running("all"):
        _Run(company, FIRST_SENT).go(_for(WARM_SECONDS))
        calm = _Run(company, FIRST_SENT + 100_000).go(_for(CALM_SECONDS))
        storing = subprocess.Popen([sys.executable, "-m", "benchmarks.storing", str(IMPORTED), "0"])
        busy = _Run(company, FIRST_SENT + 200_000).go(_while_imported(storing, company.portals[FILE]))
        if storing.wait():
            raise RuntimeError("the file could not be stored")
    return Result("P4", [_row("in calm", calm, CALM_BAR), _row("during the import", busy, BUSY_BAR)], _notes(busy))


def _row(when: str, waits: Sequence[float], bar: float) -> Row:
    p95 = percentile(waits, 95)
    return Row(
        f"p95 of {len(waits):,} inquiries at {PER_SECOND} a second, {when}",
        f"{p95 * 1000:,.0f} ms",
        "—",
        f"p50 {percentile(waits, 50) * 1000:,.0f} ms, p99 {percentile(waits, 99) * 1000:,.0f} ms,"
        f" longest {max(waits) * 1000:,.0f} ms",
        f"≤ {bar * 1000:,.0f} ms",
        p95 <= bar,
    )


def _notes(busy: Sequence[float]) -> list[str]:
    return [
        f"{WARM_SECONDS} s of the same load before, not counted; then {CALM_SECONDS} s in calm, then as long as a file"
        f" of {IMPORTED:,} rows was being brought in ({len(busy) / PER_SECOND:.0f} s). Web, pumps and worker run as"
        " `leadloop up` runs them.",
        "The clock starts when an inquiry was due to be sent, whether or not the server was ready for it, and stops"
        " when its lead is found, committed, with stage and owner by which the worklist reads it; looked at"
        f" every {LOOK_SECONDS * 1000:.0f} ms, which counts against us. Nobody who writes was known before.",
        "There is no raw limit to compare with: the bars are times.",
    ]


class _Run:
    """Inquiries at a steady pace, and when each was seen on a worklist."""

    def __init__(self, company: Company, first: int) -> None:
        self._company, self._first = company, first
        self._prefix = uuid4().hex[:8]
        self._pending: dict[str, float] = {}
        self._waits: list[float] = []
        self._sent_all = False

    def go(self, going: Going) -> list[float]:
        """Seconds each of them waited, sending for as long as `going` says. Raises when one never arrives."""
        return uvloop.run(self._go(going))

    async def _go(self, going: Going) -> list[float]:
        watching = asyncio.create_task(self._watch())
        sender = Sender(load().port)
        async with asyncio.TaskGroup() as group:
            await self._send(going, group, sender)
        self._sent_all = True
        await asyncio.wait_for(watching, PATIENCE)
        sender.close()
        return self._waits

    async def _send(self, going: Going, group: asyncio.TaskGroup, sender: Sender) -> None:
        loop = asyncio.get_running_loop()
        began, number = loop.time(), 0
        while number % PER_SECOND or await going():
            due = began + number / PER_SECOND
            await asyncio.sleep(due - loop.time())
            key = f"{self._prefix}-{number}"
            self._pending[delivery_key(key)] = due
            said = orjson.dumps(body(self._first + number))
            group.create_task(sender.send(post(f"/api/capture/{SERVER}", self._company.token, key, said)))
            number += 1

    async def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        portal_id, sellers = self._company.portals[SERVER], self._company.sellers
        async with await psycopg.AsyncConnection.connect(addresses().owner, autocommit=True) as connection:
            while self._pending or not self._sent_all:
                found = await connection.execute(ARRIVED, [portal_id, list(self._pending), sellers])
                arrived, now = await found.fetchall(), loop.time()
                self._waits += [now - self._pending.pop(key) for (key,) in arrived]
                await asyncio.sleep(LOOK_SECONDS)


def _for(seconds: float) -> Going:
    """So long."""
    rest = iter(range(round(seconds)))

    async def going() -> bool:
        return next(rest, None) is not None

    return going


def _while_imported(storing: subprocess.Popen[bytes], portal_id: int) -> Going:
    """From now until a file's last row has been taken; asked once a second."""

    async def going() -> bool:
        if storing.poll() is None:
            return True
        async with await psycopg.AsyncConnection.connect(addresses().owner) as connection:
            found = await (await connection.execute(WAITING, [portal_id])).fetchone()
        return bool(found and found[0])

    return going
