"""`python -m benchmarks.full [FOLDER [P15 …]]`: what matters at size, on a demo company of a million leads.

With a folder the company is built there unless it stands there already, and stays; without one it is thrown away. The
answers go into the section "At a million leads" of docs/benchmarks.md. P2, P4 and P5 bring people in, who are new only
the first time.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import psycopg

from benchmarks import document, large, machine
from benchmarks.__main__ import MODULES, in_a_process
from benchmarks.__main__ import main as small
from benchmarks.installation import database
from benchmarks.result import Result, Row
from benchmarks.timing import seconds
from leadloop.loop.marker import running_supervisor
from leadloop.platform.config import load
from leadloop.platform.database.urls import addresses

AT_SIZE = ("P15", "P20", "P10", "P5", "P2", "P4")  # those that only read come first
BESIDE = ("P14", "P17", "P24")  # of a size of their own
SHIFT = {"P2": 10_000_000, "P4": 20_000_000}  # so that each brings in people whom nobody brought in before
LEADS_BAR, FACTS_BAR = 1_000_000, 20_000_000
NUMBER = "1M {}"  # in the document


def main(kept: Path | None, chosen: Sequence[str]) -> int:
    """Measure the chosen ones, or everything; 0 when every first bar is met."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    missed = 0
    with large.home(kept) as home:
        if running_supervisor(home):
            raise RuntimeError(f"Leadloop runs in {home}")
        if not chosen:
            missed += _written(lambda: _company(home))
        with database():
            in_a_process("preparing")
            for name in chosen or AT_SIZE:
                missed += _written(lambda name=name: _at_size(name))
    return int(bool(missed) | bool(not chosen and small(list(BESIDE))))


def _written(measure: Callable[[], Result]) -> int:
    """Measure and write it down; returns how many bars were missed."""
    where = machine.described()
    result = measure()
    document.write(result, where)
    print(f"\n{result.number}\n{result.as_markdown()}\n- {where}", flush=True)
    return sum(not row.met for row in result.rows)


def _at_size(name: str) -> Result:
    os.environ["LEADLOOP_BENCH_SHIFT"] = str(SHIFT.get(name, 0))
    os.environ["LEADLOOP_BENCH_PEOPLE"] = str(LEADS_BAR)
    return replace(in_a_process(MODULES[name]), number=NUMBER.format(name))


def _company(home: Path) -> Result:
    """How large it is, how long building took, and whether its promises hold."""
    with database(), psycopg.connect(addresses(load()).owner, autocommit=True) as owner:
        owner.execute("analyze")
        leads, facts, size = (
            owner.execute(statement).fetchone()[0]
            for statement in (
                "select count(*) from leads_lead",
                "select count(*) from ledger_event",
                "select pg_database_size(current_database())",
            )
        )
    said: list[str] = []
    checked = seconds(lambda: said.append(large.leadloop("check")))
    built = large.build_seconds(home)
    rows = [
        Row("leads", f"{leads:,}", "—", "—", f"≥ {LEADS_BAR:,}", leads >= LEADS_BAR),
        Row("facts", f"{facts:,}", "—", f"{facts / leads:.0f} a lead", f"≥ {FACTS_BAR:,}", facts >= FACTS_BAR),
        Row("built", f"{built / 60:.0f} min", "—", f"{facts / built:,.0f} facts a second", "shown", met=True),
        Row("`leadloop check`", f"{checked:.0f} s", "—", said[0].strip(), "all promises hold",
            said[0].strip() == "All promises hold."),
    ]  # fmt: skip
    return Result(
        NUMBER.format("company"),
        rows,
        [
            f"`leadloop demo --leads {large.LEADS} --seed {large.SEED} --no-serve`, its own reports and check included:"
            f" {size / 1e9:.0f} GB. 20,000 leads are told, the rest are copies of them with people and facts of their"
            " own (docs/demo.md).",
            "`leadloop check` in a process of its own, every promise on every row, from one snapshot.",
        ],
    )


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if sys.argv[1:] else None, sys.argv[2:]))
