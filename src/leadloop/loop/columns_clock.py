"""When the process that keeps the columnar copy is started: light enough to be part of the worker."""

from __future__ import annotations

import os
import subprocess
import sys

from leadloop.platform.queries import installed
from leadloop.tracking.queries import is_behind

PAUSE_SECONDS = 15.0  # with a refresh of a few seconds the copy is younger than a minute
STOP_SECONDS = 10
PROCESS = "leadloop.loop.columns"
_running: list[subprocess.Popen[bytes]] = []


def look() -> int:
    """Start the process where there is something new and none runs. Always 0, so that a pause follows."""
    _running[:] = [process for process in _running if process.poll() is None]
    if not _running and installed() and is_behind():
        _running.append(start())
    return 0


def start(*words: str) -> subprocess.Popen[bytes]:
    """Start it on the worker's leash: it ends when the worker does."""
    command = [sys.executable, "-m", "leadloop.loop.supervisor.leash", str(os.getpid()), PROCESS, *words]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "leadloop.settings", "LEADLOOP_PROCESS": "columns"}
    return subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL)  # noqa: S603 - our own module, no shell


def stop() -> None:
    """End what runs, as the worker ends."""
    for process in _running:
        process.terminate()
    for process in _running:
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()  # in the middle of a long statement; the copy stays as it was
