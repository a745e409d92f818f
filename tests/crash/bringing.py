"""A file that is brought in with `leadloop import`, killed on the way and asked for again until it is through."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg

from tests.crash.home import Installation
from tests.crash.processes import kill
from tests.crash.waiting import until

COLUMNS = ("Name", "E-mail", "Company", "Title", "Phone", "Note")
UNREADABLE_EVERY, TWICE_EVERY, SAME_PERSON_EVERY = 250, 90, 30
PATIENCE = 600


def write_file(path: Path, rows: int) -> int:
    """Write so many rows, some twice, some of one person, some that nobody can answer; returns how many of those."""
    unreadable = 0
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for number in range(rows):
            one = _row(number - 1 if number % TWICE_EVERY == 1 and number > 1 else number)
            unreadable += not one[1] and not one[0]
            writer.writerow(one)
    return unreadable


def _row(number: int) -> tuple[str, ...]:
    if number % UNREADABLE_EVERY == 5:
        return ("", "", "", "", "", f"row {number} has no address")
    who = number - 2 if number % SAME_PERSON_EVERY == 7 else number
    firm = who // 3
    name = "".join(chr(97 + int(digit)) for digit in f"{who:05d}")
    return (
        f"Fay {name}",
        f"fay.{who}@fair-{firm}.example",
        f"Fair {name[:4]} AG",
        "Buyer",
        f"+49 40 {2_000_000 + who}",
        "",
    )


class Bringing(threading.Thread):
    """Runs the import until it succeeds; the first try is killed when two fifths of the rows are stored."""

    def __init__(self, running: Installation, path: Path, rows: int) -> None:
        super().__init__(daemon=True)
        self.tries = 0
        self.killed = False
        self.failed: BaseException | None = None
        self._running, self._path, self._rows = running, path, rows

    def run(self) -> None:
        try:
            self._first()
            until("the import goes through", self._again, PATIENCE)
        except BaseException as error:
            self.failed = error

    def _first(self) -> None:
        self.tries += 1
        process = subprocess.Popen(
            [sys.executable, "-m", "leadloop.loop.cli.main", *self._arguments()],
            env=self._running.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until(
            "two fifths are stored", lambda: process.poll() is not None or self._stored() > 0.4 * self._rows, PATIENCE
        )
        self.killed = process.poll() is None
        kill(process.pid)
        process.wait()

    def _again(self) -> bool:
        self.tries += 1
        return self._running.command(*self._arguments()).returncode == 0

    def _arguments(self) -> tuple[str, ...]:
        return ("import", str(self._path), "--portal", "trade-show", "--fresh", "--json")

    def _stored(self) -> int:
        with suppress(psycopg.OperationalError), psycopg.connect(self._running.dsn(), connect_timeout=2) as connection:
            row = connection.execute("select coalesce(sum(stored), 0) from capture_importrun").fetchone()
            return int(row[0]) if row else 0
        return 0

    def once_more(self) -> dict[str, Any]:
        """Bring the same file in again after all is done; what the command says came of it."""
        done = self._running.command(*self._arguments())
        assert done.returncode == 0, done.stderr
        return dict(json.loads(done.stdout.strip().splitlines()[-1]))
