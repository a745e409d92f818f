"""The processes behind the pages: forked from one that has loaded everything, and forked anew when they end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

FAMILY = """
import os, signal
import django
django.setup()
from leadloop.loop.supervisor import family

def live():
    print(os.getpid(), flush=True)
    signal.sigwait([signal.SIGTERM])

def fail():
    raise ValueError("cannot start")

family.MEMBERS = {"steady": live, "hasty": fail}
family.main(NAMES)
"""


@pytest.fixture
def family() -> Iterator[list[subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []
    yield started
    for one in started:
        one.kill()
        one.wait()


def start(started: list[subprocess.Popen[str]], *names: str) -> subprocess.Popen[str]:
    script = FAMILY.replace("NAMES", repr(list(names)))
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "leadloop.settings", "LEADLOOP_LOG_LEVEL": "info"}
    started.append(
        subprocess.Popen(
            [sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
    )
    return started[-1]


def next_pid(running: subprocess.Popen[str]) -> int:
    assert running.stdout is not None
    return int(running.stdout.readline())


def test_who_is_killed_comes_back_under_the_same_name(family: list[subprocess.Popen[str]]) -> None:
    running = start(family, "steady")
    first = next_pid(running)
    os.kill(first, signal.SIGKILL)
    second = next_pid(running)
    assert second != first
    if sys.platform == "linux":
        assert Path(f"/proc/{second}/comm").read_text().strip() == "steady"
    running.send_signal(signal.SIGTERM)
    assert running.wait(20) == 0
    with pytest.raises(ProcessLookupError):
        os.kill(second, 0)


def test_one_that_fails_says_why_and_holds_up_nobody(family: list[subprocess.Popen[str]]) -> None:
    running = start(family, "hasty", "steady")
    assert next_pid(running) > 0
    assert running.stderr is not None
    said = ""
    while "process ended" not in said:
        said += running.stderr.readline()
    assert "cannot start" in said
    running.send_signal(signal.SIGTERM)
    assert running.wait(20) == 0
