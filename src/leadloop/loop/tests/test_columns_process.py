"""The process that keeps the columnar copy, as the worker starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from leadloop.loop import columns, columns_clock
from leadloop.tracking.queries import copied, is_behind


def test_it_comes_when_something_is_new_and_copies_it(
    fresh_db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEADLOOP_DATABASE_URL", fresh_db)
    monkeypatch.setenv("LEADLOOP_COLUMNS", str(tmp_path))
    assert is_behind()
    assert columns_clock.start("thorough").wait(120) == 0
    assert copied().generation == 1
    assert not is_behind()
    assert columns_clock.look() == 0
    assert columns_clock._running == []


def test_it_rests_most_of_the_time_as_long_as_figures_stay_younger_than_a_minute() -> None:
    for took in (0.5, 3.0, 8.0, 12.0, 19.0):
        pause = columns.pause(took)
        assert pause >= columns_clock.PAUSE_SECONDS
        assert took + pause + took <= 60, "what comes just after a refresh began is in the next one"
    assert columns.pause(5.0) == 20.0
    assert columns.pause(300.0) == columns_clock.PAUSE_SECONDS


def test_it_stands_back_wherever_it_runs() -> None:
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "import django, os; django.setup(); from leadloop.loop.columns import stand_back; stand_back();"
            " print(os.nice(0))",
        ],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "leadloop.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(said.stdout) == os.nice(0) + columns.POLITE
