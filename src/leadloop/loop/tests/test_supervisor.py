"""The supervisor outlives what it looks after."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from leadloop.kernel.errors import Conflict, Unavailable
from leadloop.loop.supervisor import Supervisor
from leadloop.loop.supervisor.child import FIRST_PAUSE, LONGEST_PAUSE, STEADY_AFTER, Pause
from leadloop.platform.config import Config
from leadloop.platform.database.cluster import Cluster


class Server:
    """A database server whose starts go as they are told to."""

    def __init__(self, *starts: Exception | None) -> None:
        self.running = False
        self.left = list(starts)

    def start(self) -> None:
        told = self.left.pop(0)
        if told is not None:
            raise told
        self.running = True


class NoPause(Pause):
    """Nobody waits in a test."""

    def over(self, now: float) -> bool:
        return True


def test_a_server_that_does_not_start_again_is_tried_until_it_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setenv("LEADLOOP_HOME", str(tmp_path))
    supervisor = Supervisor(Config(), said.append)
    server = Server(Conflict("Somebody holds on to the memory"), Unavailable("No room on the disk"), None)
    supervisor.cluster, supervisor._pause = cast(Cluster, server), NoPause()
    for _ in range(5):
        supervisor._tend()
    assert (server.running, server.left) == (True, [])
    assert said == [
        "Somebody holds on to the memory",
        "PostgreSQL has ended; starting it again.",
        "No room on the disk",
        "PostgreSQL has ended; starting it again.",
    ]


def test_pauses_grow_while_lives_are_short() -> None:
    pause = Pause()
    assert pause.over(100.0)
    waited = []
    for _ in range(9):
        pause.begin(100.0, lived=1.0)
        waited.append(next(n / 10 for n in range(200) if pause.over(100.0 + n / 10)))
    assert waited == sorted(waited)
    assert waited[-1] == LONGEST_PAUSE
    pause.begin(100.0, lived=STEADY_AFTER + 1)
    assert not pause.over(100.0)
    assert pause.over(100.0 + FIRST_PAUSE)
