"""Run as a module: load once what pumps and worker need, then fork them, and fork anew whichever ends.

Arguments: the members' names. What they have loaded they share: three processes take little more memory than one, and
start in the time of one. This process itself does nothing else and has no connection that a fork could inherit.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import FrameType

import structlog

from leadloop.ledger.contracts import Lane
from leadloop.loop import pump, worker
from leadloop.loop.supervisor.child import Pause
from leadloop.loop.supervisor.leash import end_with_parent
from leadloop.platform.steady import settle_down

MEMBERS: dict[str, Callable[[], None]] = {
    "pump-live": lambda: pump.run(Lane.LIVE),
    "pump-bulk": lambda: pump.run(Lane.BULK),
    "pump-bulk-2": lambda: pump.run(Lane.BULK),  # while one moves a route on, the other brings in
    "worker": worker.main,
}
LOOK_SECONDS = 0.1
PATIENCE = 8.0  # less than the supervisor's, who ends everybody by force
PR_SET_NAME = 15

log = structlog.get_logger()


class Member:
    """One process of the family, by name."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.pid: int | None = None
        self._pause = Pause()
        self._started = 0.0

    def tend(self) -> None:
        """Fork it when it does not run and its pause is over."""
        now = time.monotonic()
        if self.pid is not None and self.ended():
            log.warning("process ended", process=self.name, lived=round(now - self._started, 1))
            self._pause.begin(now, lived=now - self._started)
        if self.pid is None and self._pause.over(now):
            self._started = now
            self.pid = _fork(self.name)

    def ended(self) -> bool:
        """Whether it has ended by now; True also when it never ran."""
        if self.pid is not None and os.waitpid(self.pid, os.WNOHANG) != (0, 0):
            self.pid = None
        return self.pid is None

    def send(self, number: signal.Signals) -> None:
        """Send it a signal, if it runs."""
        if self.pid is not None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)


def _fork(name: str) -> int:
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        end_with_parent(parent)
        _call(name)
        MEMBERS[name]()
        code = 0
    except Exception:
        log.exception("process failed", process=name)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _call(name: str) -> None:
    """The name that `ps` and `top` show."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_NAME, name.encode(), 0, 0, 0)


def main(names: Sequence[str]) -> None:
    """Keep these members running until SIGTERM or SIGINT, then let them finish what they have in hand."""
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    members = [Member(name) for name in names]
    settle_down()
    while not stopping.is_set():
        for member in members:
            member.tend()
        stopping.wait(LOOK_SECONDS)
    _stop(members)


def _stop(members: Sequence[Member]) -> None:
    for member in members:
        member.send(signal.SIGTERM)
    end = time.monotonic() + PATIENCE
    while not all(member.ended() for member in members) and time.monotonic() < end:
        time.sleep(LOOK_SECONDS / 5)
    for member in members:
        member.send(signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1:])
