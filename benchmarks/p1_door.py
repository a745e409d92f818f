"""P1: capture over HTTP, acknowledged when durable, against single-row INSERTs that pgbench commits one by one."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import orjson
import psycopg

from benchmarks.company import SERVER, settle
from benchmarks.http import post, rate
from benchmarks.inquirers import body
from benchmarks.processes import running
from benchmarks.result import Result, Row
from benchmarks.timing import RUNS, median, spread
from leadloop.platform.config import load
from leadloop.platform.database.binaries import find
from leadloop.platform.database.urls import addresses

SECONDS = 4
BARS = {16: 20, 64: 40}  # connections: percent; the second is the aim, so it is shown and not counted
_RATE = re.compile(r"tps = ([0-9.]+)")
_BODY = orjson.dumps(body(1)).decode().replace("'", "''")
_INSERT = f"""\\set portal random(1, 5)
insert into raw.delivery (portal, key, body) values (:portal, gen_random_uuid()::text, '{_BODY}');
"""


def measure() -> Result:
    """See the module."""
    company = settle(sellers=2)
    with psycopg.connect(addresses().owner) as owner:
        owner.execute("create schema raw")
        owner.execute(
            "create table raw.delivery (id bigint generated always as identity primary key, portal int, key text,"
            " body bytea, received_at timestamptz default now())"
        )
    rows = []
    with running("web"):
        for connections, bar in BARS.items():
            ours, raw = [], []
            for run in range(RUNS + 1):
                raw_rate, our_rate = _raw(connections), _ours(company.token, connections)
                if run:  # the first warms both up
                    raw.append(raw_rate)
                    ours.append(our_rate)
            share = median(ours) / median(raw) * 100
            rows.append(
                Row(
                    f"deliveries a second at c={connections}",
                    f"{median(ours):,.0f} ({spread(ours)})",
                    f"{median(raw):,.0f} INSERTs ({spread(raw)})",
                    f"{share:.0f} %",
                    f"≥ {bar} %",
                    share >= bar,
                )
            )
    return Result("P1", rows, NOTES)


NOTES = [
    f"Median of {RUNS} runs of {SECONDS} s each, ours and pgbench in turn on the same database, after one such pair"
    " to warm up; client and server share the cores.",
    f"Ours: POST /api/capture/{SERVER} over kept connections with a secret and a fresh idempotency key; 202 after"
    " commit.",
    "pgbench: one row per transaction, prepared, `synchronous_commit=on`, the same body into a table with a primary key"
    " and nothing else.",
    "The bar at c=64 is the aim of the design.",
]


def _ours(token: str, connections: int) -> float:
    prefix = uuid4().hex[:8]

    def requests(numbers: Iterator[int]) -> Iterator[bytes]:
        said = orjson.dumps(body(1))
        for number in numbers:
            yield post(f"/api/capture/{SERVER}", token, f"{prefix}-{number}", said)

    return rate(load().port, requests, connections=connections, seconds=SECONDS)


def _raw(connections: int) -> float:
    with TemporaryDirectory() as scratch:
        script = Path(scratch) / "insert.sql"
        script.write_text(_INSERT)
        done = subprocess.run(
            [
                find(None).program("pgbench"),
                *("--no-vacuum", "--protocol=prepared", f"--client={connections}", "--jobs=2", f"--time={SECONDS}"),
                f"--file={script}",
                addresses().owner,
            ],
            check=True,
            capture_output=True,
            text=True,
        )
    found = _RATE.search(done.stdout)
    if found is None:
        raise RuntimeError(f"pgbench said nothing of its rate: {done.stdout}")
    return float(found[1])
