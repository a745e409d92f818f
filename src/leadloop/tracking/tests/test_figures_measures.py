"""Every measure says on the copy what SQL says on the tables, its rows are as many as it says, and Spark agrees."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from leadloop.kernel import clock
from leadloop.kernel.errors import NotFound, Unavailable
from leadloop.ledger.sql import fetch
from leadloop.platform import spark
from leadloop.tracking.columnar.keeping import keep_up
from leadloop.tracking.columnar.place import Folder
from leadloop.tracking.contracts import Period
from leadloop.tracking.figures.asking import figures, figures_by, rows_behind
from leadloop.tracking.figures.catalogue import MEASURES, RATIOS, measure
from leadloop.tracking.figures.contracts import Asked
from leadloop.tracking.figures.engine import Opened, opened
from leadloop.tracking.leaks.finding import leaks
from leadloop.tracking.queries import count, follow_up, funnel, returns
from leadloop.tracking.tests import made_copy

ZONE = "Europe/Berlin"
SOURCES = {one.source.name: one.source for one in MEASURES.values()}


@pytest.fixture
def period() -> Period:
    now = clock.now()
    return Period(now - timedelta(days=25), now)


@pytest.fixture
def place(demo_db: str, tmp_path: Path) -> Folder:
    place = Folder(tmp_path / "columns")
    keep_up(place)
    return place


@pytest.fixture
def copy(place: Folder) -> Iterator[Opened]:
    with opened(place) as copy:
        yield copy


@pytest.fixture
def asked(period: Period, copy: Opened) -> Asked:
    return Asked.of(period, zone=ZONE, now=copy.manifest.as_of)


def test_the_copy_says_what_the_tables_say(copy: Opened, asked: Asked, period: Period) -> None:
    found = figures(copy, asked)
    assert found["funnel.cohort.inquiries"] > 20
    for step in funnel(period):
        assert found[step.measure.replace("funnel.", "funnel.cohort.")] == step.leads
    everybody = follow_up(period)[0]
    assert found["follow_up.handed_over"] == everybody.handed_over > 0
    assert found["follow_up.contacted"] == everybody.contacted
    assert found["follow_up.untouched"] == everybody.untouched
    assert found["follow_up.rate"] == pytest.approx(everybody.rate)
    assert found["follow_up.p50"] == pytest.approx(everybody.p50_seconds, abs=1.5)
    assert found["follow_up.p90"] == pytest.approx(everybody.p90_seconds, abs=1.5)
    lines = returns(period, zone=ZONE)
    assert found["cost.total"] == sum(line.cost for line in lines)
    assert found["won.revenue"] == sum(line.revenue for line in lines)
    assert found["won.deals"] == sum(line.deals for line in lines)
    params = {"start": period.start, "end": period.end, "user": None, "programme": None}
    assert found["inquiries.count"] == count("capture.taken_in", params)


def test_cut_by_owner_and_programme_it_still_agrees(copy: Opened, asked: Asked, period: Period) -> None:
    by_owner = figures_by(copy, asked, SOURCES["handovers"], "owner_id")
    for line in follow_up(period)[1:]:
        assert by_owner[line.user_id]["follow_up.contacted"] == line.contacted
    by_programme = figures_by(copy, asked, SOURCES["costs"], "programme_id")
    for line in returns(period, zone=ZONE):
        assert by_programme.get(line.programme_id, {"cost.total": 0})["cost.total"] == line.cost


@pytest.mark.parametrize("name", MEASURES)
def test_a_figure_opens_as_many_rows_as_it_counts(copy: Opened, asked: Asked, name: str) -> None:
    found, rows = figures(copy, asked, [name])[name], rows_behind(copy, asked, name)
    if measure(name).unit in ("leads", "inquiries", "deals", "customers"):
        assert len(rows) == found
    assert rows == sorted(rows, reverse=True)


def test_quick_shares_count_those_who_never_were_contacted(copy: Opened, asked: Asked, period: Period) -> None:
    found = figures(copy, asked)
    seconds = [
        float(row[0])
        for row in fetch(
            """
            select extract(epoch from min(a.happened_at) - e.entered_at)
              from leads_facet_stage_entry e
              join selling_facet_activity a
                on a.lead_id = e.lead_id and a.contacted and a.happened_at >= e.entered_at
             where e.stage = 'assigned' and e.entered_at >= %s and e.entered_at < %s
             group by e.event_id, e.entered_at
            """,
            [period.start, period.end],
        )
    ]
    for key, most in (("5_min", 300), ("1_h", 3600), ("1_day", 86_400)):
        inside = sum(one <= most for one in seconds)
        assert found[f"follow_up.in_{key}"] == pytest.approx(inside / found["follow_up.handed_over"], abs=0.03), key


def test_rows_can_be_narrowed(copy: Opened, asked: Asked) -> None:
    by = figures_by(copy, asked, SOURCES["cohort"], "programme_id")
    for programme, found in by.items():
        rows = rows_behind(copy, asked, "funnel.cohort.inquiries", {"programme_id": programme})
        assert len(rows) == found["funnel.cohort.inquiries"]


def test_nothing_there_is_nought_or_no_figure(demo_db: str, copy: Opened) -> None:
    long_ago = Period(clock.now() - timedelta(days=3000), clock.now() - timedelta(days=2999))
    found = figures(copy, Asked.of(long_ago, zone=ZONE, now=clock.now()))
    assert set(found) == {*MEASURES, *RATIOS}
    assert {name: value for name, value in found.items() if value} == {}
    assert found["follow_up.rate"] is None
    assert found["cost.per_won"] is None
    assert found["cost.total"] == 0


def test_what_there_is_not_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"follow_up\.rate"):
        measure("guess")
    with pytest.raises(Unavailable), opened(Folder(tmp_path)):
        pass


def same(one: Any, other: Any) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)


def test_spark_says_the_same(tmp_path: Path) -> None:
    """All measures, all cuts, all rows, over half a year of an invented company."""
    if find_spec("pyspark") is None:
        pytest.skip('Spark is not installed: uv sync --extra spark, or pip install "leadloop[spark]"')
    place = Folder(tmp_path)
    made_copy.write(place, made_copy.company(seed=5))
    spring = Period(datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC))
    asked = Asked.of(spring, zone="UTC", now=spring.end)
    with opened(place) as here, opened(place, "spark") as there:
        mine, theirs = figures(here, asked), figures(there, asked)
        assert {name for name, value in mine.items() if not value} <= {"follow_up.in_5_min"}
        assert [name for name in mine if not same(mine[name], theirs[name])] == []
        for source in SOURCES.values():
            for column in source.by:
                one, other = (figures_by(copy, asked, source, column) for copy in (here, there))
                assert set(one) == set(other)
                for key, found in one.items():
                    assert [name for name in found if not same(found[name], other[key][name])] == [], (column, key)
        for name in MEASURES:
            assert rows_behind(here, asked, name) == rows_behind(there, asked, name), name
        assert leaks(here, asked) == leaks(there, asked) != []
    with opened(place, "spark", many=True) as shared:
        theirs = figures(shared, asked)
        assert [name for name in mine if not same(mine[name], theirs[name])] == []


def test_spark_that_is_not_there_is_said(place: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(spark, "import_module", missing)
    with pytest.raises(Unavailable, match="spark"), opened(place, "spark"):
        pass
