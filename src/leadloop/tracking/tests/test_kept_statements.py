"""A statement is translated once and answers every period; what it was made of changing, it is translated anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import ibis
import pytest

from leadloop.tracking.columnar.place import Folder
from leadloop.tracking.contracts import Period
from leadloop.tracking.figures import kept
from leadloop.tracking.figures.asking import expression, figures, figures_by
from leadloop.tracking.figures.catalogue import MEASURES
from leadloop.tracking.figures.contracts import Asked
from leadloop.tracking.figures.engine import Opened, opened
from leadloop.tracking.tests import made_copy


def months(first: int, after: int) -> Asked:
    period = Period(datetime(2026, first, 1, tzinfo=UTC), datetime(2026, after, 1, tzinfo=UTC))
    return Asked.of(period, zone="UTC", now=period.end)


SPRING, FEBRUARY = months(2, 6), months(2, 3)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    place = Folder(tmp_path_factory.mktemp("copy"))
    made_copy.write(place, made_copy.company(seed=8, leads=120))
    return place


@pytest.fixture
def copy(place: Folder) -> Iterator[Opened]:
    with opened(place) as copy:
        yield copy


@pytest.fixture
def translated(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The SQL of every translation from here on; nothing is kept at first."""
    made: list[str] = []
    translate = kept._translated

    def noted(copy: Opened, expression: Any) -> kept.Kept:
        found = translate(copy, expression)
        made.append(found.sql)
        return found

    monkeypatch.setattr(kept, "_KEPT", {})
    monkeypatch.setattr(kept, "_translated", noted)
    return made


def anew(copy: Opened, asked: Asked, name: str) -> Any:
    """The figure of an expression that holds the period itself and is not kept."""
    one = MEASURES[name]
    (row,) = copy.rows(expression(copy, asked, one.source, [one]))
    return next(iter(row.values()))


@pytest.mark.parametrize("name", MEASURES)
def test_a_figure_alone_is_the_same_for_every_period_kept_or_not(
    copy: Opened, translated: list[str], name: str
) -> None:
    for asked in (SPRING, FEBRUARY, SPRING):
        alone = figures(copy, asked, [name])[name]
        assert alone == anew(copy, asked, name)
    assert len(translated) == 1
    assert alone == figures(copy, SPRING)[name]


def test_cut_by_a_column_it_is_kept_apart(copy: Opened, translated: list[str]) -> None:
    source = MEASURES["cost.total"].source
    whole = figures(copy, SPRING, ["cost.total"])["cost.total"]
    by = [figures_by(copy, SPRING, source, column) for column in ("programme_id", "kind", "kind")]
    assert len(translated) == 3
    assert [sum(line["cost.total"] for line in lines.values()) for lines in by] == [whole] * 3


def test_a_copy_opened_again_uses_what_is_kept(place: Folder, translated: list[str]) -> None:
    found = []
    for _ in range(2):
        with opened(place) as copy:
            found.append(figures(copy, SPRING))
    assert found[0] == found[1]
    assert len(translated) == len({one.source.name for one in MEASURES.values()})


def test_a_changed_definition_is_translated_anew(
    copy: Opened, translated: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = figures(copy, SPRING, ["won.revenue"])["won.revenue"]
    changed = replace(MEASURES["won.revenue"], value=lambda rows: rows.minor.sum() * 2)
    monkeypatch.setitem(MEASURES, "won.revenue", changed)
    assert figures(copy, SPRING, ["won.revenue"])["won.revenue"] == 2 * before > 0
    assert len(translated) == 2


def test_tables_that_changed_are_translated_anew(place: Folder, copy: Opened, translated: list[str]) -> None:
    before = figures(copy, SPRING, ["cost.total"])["cost.total"]
    with opened(place) as grown:
        grown.backend.raw_sql(
            "create or replace temp view cost as select 7::double as more, * replace (base_minor::decimal(20, 2) as"
            f" base_minor) from read_parquet({[str(place.local(file.path)) for file in grown.manifest.tables['cost']]})"
        )
        assert figures(grown, SPRING, ["cost.total", "won.deals"])["cost.total"] == before
    assert len(translated) == 3
    assert figures(copy, SPRING, ["cost.total"])["cost.total"] == before


def test_each_engine_has_its_own(copy: Opened, translated: list[str]) -> None:
    """Another engine's words for the same; that Spark answers alike is told where Spark is there."""
    ran: list[str] = []

    def run(sql: str) -> Any:
        ran.append(sql)
        return SimpleNamespace(collect=list)

    spark = SimpleNamespace(
        table=copy.backend.table, raw_sql=run, compile=lambda made: str(ibis.to_sql(made, dialect="pyspark"))
    )
    other = Opened(copy.manifest, "spark", spark)
    source = MEASURES["cost.total"].source
    assert figures_by(copy, SPRING, source, "kind") != figures_by(other, SPRING, source, "kind") == {}
    assert '"booked_on"' in translated[0]
    assert "`booked_on`" in translated[1]
    figures_by(other, FEBRUARY, source, "kind")
    assert len(translated) == 2
    assert "CAST('2026-06-01' AS DATE)" in ran[0]
    assert "CAST('2026-03-01' AS DATE)" in ran[1]
    assert "ASKED" not in "".join(ran)
