"""What pages show is worked out beforehand and read without an engine; every figure of it opens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.kernel.errors import NotFound, Unavailable
from leadloop.ledger.sql import fetch
from leadloop.loop import columns
from leadloop.platform import config
from leadloop.platform.queries import company
from leadloop.tracking.contracts import Worked
from leadloop.tracking.figures.catalogue import MEASURES, RATIOS
from leadloop.tracking.figures.results import DAYS, last_days
from leadloop.tracking.queries import behind, copied, is_behind, worked


@pytest.fixture
def home(demo_db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The copy in a folder of its own, also for the process that opens figures."""
    monkeypatch.setenv("LEADLOOP_COLUMNS", str(tmp_path / "columns"))
    config.load.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    config.load.cache_clear()


def test_results_are_kept_with_the_moment_they_hold_for(home: Path) -> None:
    assert worked(30) is None
    with pytest.raises(Unavailable):
        behind("follow_up.rate", last_days(30, columns_now(), company().zone), zone=company().zone)
    assert columns.turn()
    assert not is_behind()
    assert not columns.turn()
    with CaptureQueriesContext(connection) as asked:
        found = worked(30)
    assert len(asked) == 1
    assert found.as_of == copied().as_of
    assert set(found.said["figures"]) == {*MEASURES, *RATIOS}
    assert len(found.said["benchmarks"]) == 9
    assert all(worked(days) is not None for days in DAYS)
    opens(found)


def opens(found: Worked) -> None:
    zone = company().zone
    period = last_days(30, found.as_of, zone)
    rows = behind("follow_up.untouched", period, zone=zone)
    assert (rows.subject, len(rows.ids)) == ("lead", found.said["figures"]["follow_up.untouched"])
    assert rows.as_of == found.as_of
    for leak in found.said["leaks"][:1]:
        assert len(behind(leak["name"], period, zone=zone).ids) == leak["affected"]
        assert leak["keeper_id"]
    with pytest.raises(NotFound):
        behind("guess", period, zone=zone)


def columns_now() -> datetime:
    return fetch("select now()")[0][0]
