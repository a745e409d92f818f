"""P2: a file brought in, to the last lead on a salesperson's worklist, against COPY of the same rows."""

from __future__ import annotations

from functools import partial

import orjson
import psycopg

from benchmarks.bringing import bring_in
from benchmarks.company import FILE, settle
from benchmarks.inquirers import COLUMNS, body
from benchmarks.processes import running
from benchmarks.result import Result, Row
from benchmarks.timing import RUNS, median, seconds, spread
from leadloop.platform.database.urls import addresses

COUNT = 5_000
SELLERS = 50
COPIES = 10  # a copy takes too short a time for one to say how fast the machine is at the moment
BAR, AIM = 2, 4  # percent


def measure() -> Result:
    """See the module."""
    settle(SELLERS)
    with psycopg.connect(addresses().owner, autocommit=True) as owner:
        owner.execute("create schema raw")
        owner.execute(
            "create table raw.lead (id bigint generated always as identity primary key, portal text, body jsonb)"
        )
        with running("pump"):
            ours, raw = [], []
            for run in range(RUNS + 1):
                copied = [COUNT / seconds(partial(_copy, owner, run * COUNT)) for _ in range(COPIES)]
                brought = COUNT / bring_in(COUNT, start=run * COUNT)
                if run:  # the first warms both up
                    raw += copied
                    ours.append(brought)
    share = median(ours) / median(raw) * 100
    row = Row(
        "rows a second",
        f"{median(ours):,.0f} ({spread(ours)})",
        f"{median(raw):,.0f} by COPY ({spread(raw)})",
        f"{share:.1f} %",
        f"≥ {BAR} % (aim {AIM} %)",
        share >= BAR,
    )
    return Result("P2", [row], _notes())


def _copy(owner: psycopg.Connection, start: int) -> None:
    with owner.transaction(), owner.cursor().copy("copy raw.lead (portal, body) from stdin") as copy:
        for number in range(start, start + COUNT):
            copy.write_row((FILE, orjson.dumps(body(number)).decode()))


def _notes() -> list[str]:
    return [
        f"Median of {RUNS} files of {COUNT:,} rows and {len(COLUMNS)} columns each, none of whose people were"
        f" known before, after one to warm up; on the same database in turn {COPIES} times COPY and one import;"
        f" {SELLERS} salespeople.",
        "Ours: from opening the CSV file until every row is an inquiry, a person, a company (one for three people), a"
        " lead with its promises, a score with its reasons, and handed to a salesperson, in two pumps as `leadloop up`"
        " runs them.",
        "COPY: psycopg, one transaction of the same rows as JSON into (id, portal, jsonb) with a primary key,"
        " making the JSON included.",
    ]
