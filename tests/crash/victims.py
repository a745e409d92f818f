"""Whoever is next: processes of an installation, killed in random order, each at least so many times."""

from __future__ import annotations

import random
import threading
from collections import Counter

from tests.crash.home import Installation
from tests.crash.processes import kill, kill_group
from tests.crash.waiting import until

VICTIMS = ("web", "web worker", "pump-live", "pump-bulk", "worker", "postmaster", "backend")
BACK_SECONDS = 90


class Killer(threading.Thread):
    """Kills through a span of time, spread evenly, and waits for a victim that is just being started again."""

    def __init__(self, running: Installation, *, seconds: float, each: int, seed: int) -> None:
        super().__init__()
        self.killed: Counter[str] = Counter()
        self.failed: BaseException | None = None
        self._running = running
        self._order = list(VICTIMS) * each
        random.Random(seed).shuffle(self._order)
        self._pause = seconds / len(self._order)
        self._never = threading.Event()

    def run(self) -> None:
        try:
            for name in self._order:
                self._never.wait(self._pause)
                self._kill(name)
        except BaseException as error:
            self.failed = error

    def _kill(self, name: str) -> None:
        until(f"{name} runs again", lambda: self._running.process(name), BACK_SECONDS)
        pid = self._running.process(name)
        if pid is not None:
            (kill_group if name == "web" else kill)(pid)
            self.killed[name] += 1
