"""The process that keeps the columnar copy, as the worker starts it."""

from __future__ import annotations

from pathlib import Path

import pytest

from leadloop.loop import columns_clock
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
