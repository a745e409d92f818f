"""The processes of an installation, as `leadloop up` starts them."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from leadloop.loop.supervisor.child import Child
from leadloop.loop.supervisor.plans import plans, pumps
from leadloop.platform.config import Config, load

READY_SECONDS = 60


@contextmanager
def running(*roles: str) -> Iterator[dict[str, Child]]:
    """Run the processes of these roles until the block ends; by name. The web process takes connections already."""
    config = load()
    children = {plan.name: Child(plan) for role in roles for plan in plans(role, config)}
    try:
        for child in children.values():
            child.tend()
        if "web" in children:
            _wait_for(config)
        yield children
    finally:
        for child in children.values():
            child.ask_to_stop()
        for child in children.values():
            child.wait_stopped(10)


def _wait_for(config: Config) -> None:
    end, pause = time.monotonic() + READY_SECONDS, threading.Event()
    while time.monotonic() < end:
        with suppress(OSError), socket.create_connection((config.host, config.port), timeout=1):
            return
        pause.wait(0.02)
    raise TimeoutError("the web process does not listen")


def tree(pid: int) -> list[int]:
    """A process and everything it started."""
    below = [int(child) for task in Path(f"/proc/{pid}/task").glob("*") for child in _children(task)]
    return [pid, *(one for child in below for one in tree(child))]


def _children(task: Path) -> list[str]:
    with suppress(OSError):
        return (task / "children").read_text().split()
    return []


def memory(pids: list[int]) -> float:
    """Megabytes these processes hold; what they share is shared out among them (PSS)."""
    total = 0
    for pid in pids:
        with suppress(OSError):
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def program(pid: int) -> str:
    """What a process is to the installation: its role, or "postgres"."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
    except OSError:
        return "gone"
    with suppress(OSError):
        called = Path(f"/proc/{pid}/comm").read_text().strip()
        if called in _FORKED:
            return _FORKED[called]
    for word, name in _ROLES.items():
        if any(one.startswith(word) for one in words):
            return name
    return "postgres" if "postgres" in words[0] or "launch.py" in " ".join(words) else "supervisor"


_FORKED = {**dict.fromkeys(pumps(), "pump"), "worker": "worker"}
_ROLES = {
    "granian": "web",
    "leadloop.loop.supervisor.family": "pump",  # holds what pumps and worker share, its part of it
    "leadloop.loop.columns": "columns",
}
