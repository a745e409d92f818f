"""Fault 28, a box of 512 MB: long files come in and long lists go out as streams, each process staying below 300 MB.

LEADLOOP_LONG=1 tries it at full length: 100 MB in, a million rows out. The figures stand in docs/imports.md.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from leadloop.platform.database.testing import TestCluster
from tests.stories.house import House

FULL = os.environ.get("LEADLOOP_LONG") == "1"
CSV_BYTES = 100_000_000 if FULL else 12_000_000
EXPORTED = 1_000_000 if FULL else 120_000
MOST_KILOBYTES = 300_000
NOTE = "x" * 150

# In processes of their own, for what a test run holds says nothing; getrusage would begin with the size of its starter.
BEGIN = """
import os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadloop.settings")
import django
django.setup()
"""
END = """
print(done, next(line for line in open("/proc/self/status") if line.startswith("VmHWM:")).split()[1])
"""
BRING_IN = """
from pathlib import Path
from leadloop.capture.imports import run as importing
from leadloop.capture.imports.contracts import Options
from leadloop.capture.imports.preview import preview
from leadloop.kernel import clock
from leadloop.ledger.contracts import by_system
from leadloop.loop import imports
path, portal = Path(sys.argv[1]), imports.portal_named("trade-show")
reading = imports.understand(path, portal, Options())
tried = preview(path=path, portal=portal, reading=reading.as_json(), now=clock.now())
run = importing.begin(reading=reading, portal=portal, actor=by_system("test"), now=clock.now())
counts = importing.store(run_id=run, path=path, now=clock.now(), progress=lambda _: None)
assert tried.new == counts.rows, (tried, counts)
done = counts.stored
"""
TAKE_OUT = """
from leadloop.loop import exports
with open(sys.argv[1], "w", newline="") as file:
    for done in exports.write("events", (), file):
        pass
"""


def measured(script: str, url: str, path: Path) -> tuple[int, int]:
    """Run a script on a database; how many rows it has done, and the most memory it held, in kB."""
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + script + END, str(path)],
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    rows, kilobytes = map(int, done.stdout.split())
    print(f"{rows:,} rows, {kilobytes:,} kB at most")
    return rows, kilobytes


def test_fault_28_a_long_file_is_looked_at_tried_and_stored_in_a_small_box(
    house: House, fresh_db: str, tmp_path: Path
) -> None:
    path, rows = tmp_path / "long.csv", 0
    with path.open("w") as file:
        file.write("id,name,email,note\n")
        while file.tell() < CSV_BYTES:
            file.writelines(f"{n},Ann Berg{n},ann{n}@berg{n % 999}.example,{NOTE}\n" for n in range(rows, rows + 1000))
            rows += 1000
    stored, kilobytes = measured(BRING_IN, fresh_db, path)
    assert stored == rows
    assert kilobytes < MOST_KILOBYTES


def test_fault_28_a_long_list_is_taken_out_in_a_small_box(
    house: House, fresh_db: str, cluster: TestCluster, tmp_path: Path
) -> None:
    many = (
        "insert into ledger_event (epoch, kind, lane, happened_at, recorded_at, actor, payload)"
        " select epoch, 'inquiry.received', 1, now(), now(), 'system:test', '{\"portal_id\": 1}'"
        " from generate_series(1, %s), (select max(number) as epoch from ledger_epoch) e"
    )
    with psycopg.connect(cluster.url("owner", str(conninfo_to_dict(fresh_db)["dbname"]))) as owner:
        owner.execute(many, [EXPORTED])
    path = tmp_path / "events.csv"
    written, kilobytes = measured(TAKE_OUT, fresh_db, path)
    assert written >= EXPORTED
    with path.open() as file:
        assert sum(1 for _ in file) == written + 1
    assert kilobytes < MOST_KILOBYTES
