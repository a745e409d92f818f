"""Which supervisor runs an installation: its mark, and asking it to stop."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

from leadloop.kernel.errors import Conflict, Unavailable


class Marker:
    """Names the running supervisor, so that `leadloop down` finds it and a second one is refused."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None:
        running = running_supervisor(self.path.parents[1])
        if running:
            raise Conflict(
                f"Leadloop runs here already, as process {running}", mend="Stop it with `leadloop down` first."
            )
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(str(os.getpid()))

    def __exit__(self, *_: object) -> None:
        self.path.unlink(missing_ok=True)


def running_supervisor(home: Path) -> int | None:
    """The pid of the supervisor that serves this home; None when there is none, even if its mark was left behind."""
    try:
        pid = int((home / "run" / "supervisor.pid").read_text())
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ValueError):
        return None
    return pid if b"leadloop" in words and pid != os.getpid() else None


def stop_running(home: Path, *, patience: float = 60.0) -> bool:
    """Ask the running supervisor to stop and wait for it; False when none runs."""
    pid = running_supervisor(home)
    if pid is None:
        return False
    os.kill(pid, signal.SIGTERM)
    gone = threading.Event()
    for _ in range(int(patience * 20)):
        if running_supervisor(home) is None:
            return True
        gone.wait(0.05)
    raise Unavailable(f"Process {pid} has not stopped within {patience:.0f} s", mend="See its log, then end it by hand")
