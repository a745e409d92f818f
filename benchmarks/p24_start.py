"""P24: how long `leadloop up` takes on a home that was used before, and what its processes hold at rest."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path

from benchmarks.processes import memory, program, tree
from benchmarks.result import Result, Row
from benchmarks.timing import RUNS, median, spread
from leadloop.platform.config import load

START_BAR, MEMORY_BAR = 3.0, 350  # seconds, megabytes
COUNTED = ("web", "pump", "worker")
VISITS = 20
FIRST_START_SECONDS = 180
AT_REST = 8.0  # seconds without anything to do before memory is read
SIGN_IN = "/account/login/"


def measure() -> Result:
    """See the module."""
    with _up():  # initdb, migrations, a company, bytecode: this start is not measured
        pass
    starts, held, parts = [], [], {}
    for _ in range(RUNS):
        with _up() as (pid, seconds):
            starts.append(seconds)
    for _ in range(2):
        with _up() as (pid, _):
            for _ in range(VISITS):
                _page(SIGN_IN)
            threading.Event().wait(AT_REST)
            parts = _parts(pid)
            held.append(sum(parts[name] for name in COUNTED))
    bare = _bare()
    return Result(
        "P24",
        [
            Row(
                "from `leadloop up` to the first whole page",
                f"{median(starts):.2f} s ({spread(starts, '.2f')})",
                f"{bare:.2f} s to import Django in one process",
                f"{median(starts) / bare:.1f} ×",
                f"≤ {START_BAR:.0f} s",
                median(starts) <= START_BAR,
            ),
            Row(
                f"memory of {', '.join(COUNTED)} at rest (PSS)",
                f"{max(held):.0f} MB",
                "—",
                "—",
                f"≤ {MEMORY_BAR} MB",
                max(held) <= MEMORY_BAR,
            ),
        ],
        [
            f"Start: median of {RUNS} on a home that is migrated and has a company; one start before, which makes it,"
            " warms the page cache. The clock runs from starting the command until the sign-in page is there whole.",
            f"Memory: {AT_REST:.0f} s after {VISITS} sign-in pages, the higher of two starts; all processes but the"
            " database in the second: "
            + ", ".join(f"{name} {size:.0f} MB" for name, size in parts.items())
            + ". What processes share is counted once.",
        ],
    )


@contextmanager
def _up() -> Iterator[tuple[int, float]]:
    """The command's pid, and the seconds until it answered."""
    command = [str(Path(sys.executable).with_name("leadloop")), "up"]
    began = time.perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for_page(process)
        yield process.pid, time.perf_counter() - began
    finally:
        process.terminate()
        process.wait(60)


def _wait_for_page(process: subprocess.Popen[bytes]) -> None:
    end, pause = time.monotonic() + FIRST_START_SECONDS, threading.Event()
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError("`leadloop up` has ended")
        with suppress(OSError):
            _page(SIGN_IN)
            return
        pause.wait(0.01)
    raise TimeoutError("`leadloop up` does not answer")


def _page(path: str) -> None:
    line = HTTPConnection("127.0.0.1", load().port, timeout=10)
    try:
        line.request("GET", path)
        answer = line.getresponse()
        if answer.status != 200 or not answer.read().rstrip().endswith(b"</html>"):
            raise RuntimeError(f"{path} was answered with {answer.status}")
    finally:
        line.close()


def _parts(pid: int) -> dict[str, float]:
    """Megabytes by what a process does; the supervisor has no name of its own."""
    held: dict[str, float] = {}
    for one in tree(pid):
        name = program(one)
        if name != "postgres":
            held[name] = held.get(name, 0) + memory([one])
    return held


def _bare() -> float:
    """The raw limit: one process that does nothing but import Django and what an ASGI server needs of it."""
    taken = []
    for _ in range(RUNS):
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-c", "import django.core.handlers.asgi, django.forms, django.template, psycopg"],
            check=True,
        )
        taken.append(time.perf_counter() - began)
    return median(taken)
