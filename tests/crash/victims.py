"""Whoever is next: processes of an installation, killed in random order and often together, each so many times."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter

from tests.crash.home import FORKED, Installation
from tests.crash.processes import kill, kill_group
from tests.crash.waiting import until

VICTIMS = ("web", "web worker", "family", *FORKED, "postmaster", "backend")
TOGETHER = 3  # at most so many, one right after the other
BACK_SECONDS = 180


class Killer(threading.Thread):
    """Kills through a span of time, one to three at once; then everything must come back before it goes on."""

    def __init__(self, running: Installation, *, seconds: float, each: int, seed: int) -> None:
        super().__init__(daemon=True)
        self.killed: Counter[str] = Counter()
        self.failed: BaseException | None = None
        self._running, self._seconds = running, seconds
        self._random = random.Random(seed)
        self._left = list(VICTIMS) * each
        self._random.shuffle(self._left)
        self._count = len(self._left)
        self._never = threading.Event()

    def run(self) -> None:
        began = time.monotonic()
        try:
            while self._left:
                due = began + self._seconds * (1 - len(self._left) / self._count)
                self._never.wait(max(self._random.random(), due - time.monotonic()))
                for _ in range(min(self._random.randint(1, TOGETHER), len(self._left))):
                    self._kill(self._left.pop())
                until("everything is back", self._running.complete, BACK_SECONDS)
        except BaseException as error:
            self.failed = error

    def _kill(self, name: str) -> None:
        """One that the last kill has taken along is waited for."""
        until(f"{name} runs again", lambda: self._killed(name), BACK_SECONDS)
        self.killed[name] += 1

    def _killed(self, name: str) -> bool:
        pid = self._running.process(name)
        if pid is None:
            return False
        (kill_group if name == "web" else kill)(pid)
        return True
