"""What runs below a process, and ending it the hard way."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")


def words(pid: int) -> list[str]:
    """The command line of a process; empty when it has ended."""
    with suppress(OSError):
        return (PROC / str(pid) / "cmdline").read_bytes().decode(errors="replace").split("\0")
    return []


def children(pid: int) -> list[int]:
    """Who was started by this process and lives."""
    found = []
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
                if int(parent) == pid and state != "Z":
                    found.append(int(entry.name))
    return sorted(found)


def below(pid: int, *, but_not: Sequence[str] = ()) -> list[int]:
    """Everybody started by this process or by one of those, but helpers with these words on their command line."""
    found = []
    for one in children(pid):
        if not any(word in " ".join(words(one)) for word in but_not):
            found.append(one)
        found += below(one, but_not=but_not)
    return found


def child_running(pid: int, *wanted: str) -> int | None:
    """The child of `pid` that has all these words on its command line, None when there is none just now."""
    return next((one for one in children(pid) if set(wanted) <= set(words(one))), None)


def named(pid: int, name: str) -> int | None:
    """Who below `pid` goes by this name among the processes, None when there is none just now."""
    return next((one for one in below(pid) if _name(one) == name), None)


def _name(pid: int) -> str:
    with suppress(OSError):
        return (PROC / str(pid) / "comm").read_text().strip()
    return ""


def kill(pid: int) -> None:
    """`kill -9`, also of one that has just ended."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def kill_group(pid: int) -> None:
    """The same for a process and everything it started."""
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
