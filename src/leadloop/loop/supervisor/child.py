"""One process that must run: started, watched, started again after a growing pause, stopped in order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 10.0
STEADY_AFTER = 30.0  # a process that ran this long has earned a quick restart


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run: `module` with its arguments under this Python, with these variables added."""

    name: str
    module: str
    arguments: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)


class Pause:
    """The time before something is started again: it grows with each short life, and is short after a long one."""

    def __init__(self) -> None:
        self._seconds = FIRST_PAUSE
        self._over_at = 0.0

    def over(self, now: float) -> bool:
        """Whether it may be started; `now` is of the monotonic clock."""
        return now >= self._over_at

    def begin(self, now: float, *, lived: float) -> None:
        """It has ended, or could not be started, after so many seconds."""
        self._seconds = FIRST_PAUSE if lived > STEADY_AFTER else min(LONGEST_PAUSE, self._seconds * 2)
        self._over_at = now + self._seconds


class Child:
    """A running plan. Its process leads a group of its own, so that nothing it started outlives it."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.process: subprocess.Popen[bytes] | None = None
        self.restarts = -1
        self._pause = Pause()
        self._started = 0.0

    @property
    def running(self) -> bool:
        """True while the process lives."""
        return self.process is not None and self.process.poll() is None

    def tend(self) -> None:
        """Start the process when it does not run and its pause is over."""
        now = time.monotonic()
        if self.running:
            return
        if self.process is not None:
            self._clear_group()
            self.process = None
            self._pause.begin(now, lived=now - self._started)
        if self._pause.over(now):
            self._start(now)

    def _start(self, now: float) -> None:
        self.restarts += 1
        self._started = now
        command = [sys.executable, "-m", "leadloop.loop.supervisor.leash", str(os.getpid()), self.plan.module]
        self.process = subprocess.Popen(  # noqa: S603 - this Python, our own module, no shell
            [*command, *self.plan.arguments],
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "leadloop.settings", **self.plan.environment},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def ask_to_stop(self) -> None:
        """Let the process finish what it has in hand."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def wait_stopped(self, patience: float) -> None:
        """Wait for the end, by force after `patience` seconds."""
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(patience)
        self._clear_group()
        self.process.wait()

    def _clear_group(self) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
