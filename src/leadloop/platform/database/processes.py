"""Which processes serve a data folder. Process ids in files are not believed: ids are reused."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from leadloop.kernel.errors import Conflict
from leadloop.platform.database.run import run

OURS = "cluster_name=leadloop"  # on the command line of every server that Leadloop starts
# Seconds that a server gets to write what it holds and go. Afterwards it is stopped at once, which loses nothing
# either: the next start replays the log. PostgreSQL 18 needs this when asked within the few milliseconds in which
# it begins to recover from a killed backend: it then waits for itself.
ORDERLY = 10.0
PROC = Path("/proc")


def postmaster(data: Path) -> int | None:
    """Return the process id in the server's lock file, whether it runs or not; None when there is no file."""
    with suppress(FileNotFoundError, ValueError):
        first = (data / "postmaster.pid").read_text().split("\n", 1)[0]
        return abs(int(first))  # single-user mode writes it negative
    return None


def serving(data: Path) -> list[int]:
    """Return the live PostgreSQL processes of a data folder, among them those left by a killed server."""
    if not PROC.joinpath("self").exists():
        pid = postmaster(data)
        return [pid] if pid and str(data) in _asked(pid) else []
    wanted = os.fspath(data)  # PostgreSQL makes the data folder its working folder; a zombie has none
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit() and _works_in(entry, wanted)]


def clear(data: Path, *, patience: float = ORDERLY) -> None:
    """End what a killed supervisor or server left behind, and remove the lock file that nobody holds.

    To be called with the home folder's lock held, so that no live supervisor owns what is found. Raises
    Conflict for a server that Leadloop did not start, and for one that does not go.
    """
    head, left = postmaster(data), serving(data)
    if head in left:
        if OURS not in command(head):
            raise Conflict(
                f"A PostgreSQL server (process {head}) that Leadloop did not start runs on {data}.",
                mend=f"Stop it (kill -INT {head}) and start Leadloop again.",
            )
        _signal([head], signal.SIGINT)
        if not _gone(data, patience):
            _signal([head], signal.SIGQUIT)
            _gone(data, patience)
    # Without their postmaster the others may finish a long statement first; the next server can't start until
    # they let go of the shared memory, and what they have not committed is lost either way.
    _signal(serving(data), signal.SIGQUIT)
    if not _gone(data, patience):
        raise Conflict(
            f"PostgreSQL processes of {data} do not end: {', '.join(map(str, serving(data)))}.",
            mend="End them (kill -QUIT) and start Leadloop again.",
        )
    (data / "postmaster.pid").unlink(missing_ok=True)


def command(pid: int | None) -> str:
    """Return the command line of a process; empty when there is none."""
    if pid is None:
        return ""
    if not PROC.joinpath("self").exists():
        return _asked(pid)
    with suppress(OSError):
        return (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return ""


def _asked(pid: int) -> str:
    """Return the command line where there is no /proc; empty for zombies and where nothing runs."""
    question = ["/bin/ps", "-o", "stat=,command=", "-p", str(pid)]
    state, _, line = run(question).stdout.strip().partition(" ")
    return "" if state.startswith("Z") else line.strip()


def _works_in(entry: Path, folder: str) -> bool:
    with suppress(OSError):
        return os.readlink(entry / "cwd") == folder and "postgres" in os.readlink(entry / "exe")
    return False


def _signal(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def _gone(data: Path, patience: float) -> bool:
    """Wait until nobody serves the folder; False when that takes longer than ``patience`` seconds."""
    end = time.monotonic() + patience
    while serving(data):
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True
