"""Working measures out: all of a source in one pass, and the rows behind any of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from typing import Any

import ibis.expr.operations as ops
import ibis.expr.types as ir

from leadloop.tracking.figures import kept
from leadloop.tracking.figures.catalogue import MEASURES, RATIOS, measure
from leadloop.tracking.figures.contracts import EVERYTHING, Asked, Measure, Source
from leadloop.tracking.figures.engine import Opened

Figure = int | float | None


def figures(copy: Opened, asked: Asked, names: Collection[str] = ()) -> dict[str, Figure]:
    """These measures, or all, with the ratios made of them. One statement for each source.

    A share, a time or a ratio is None where there is nothing to divide by.
    """
    chosen = [one for name, one in MEASURES.items() if not names or name in names]
    found: dict[str, Figure] = {}
    for source, group in groupby(sorted(chosen, key=lambda one: one.source.name), key=lambda one: one.source):
        found |= _one(_answered(copy, asked, source, tuple(group))[0])
    for ratio in RATIOS.values():
        if ratio.above in found and ratio.below in found:
            found[ratio.name] = divided(found[ratio.above], found[ratio.below])
    return found


def figures_by(copy: Opened, asked: Asked, source: Source, column: str) -> dict[Any, dict[str, Figure]]:
    """The source's measures for each value of one of its columns, None among them. One statement."""
    chosen = tuple(one for one in MEASURES.values() if one.source is source)
    return {row.pop(column): _one(row) for row in _answered(copy, asked, source, chosen, by=column)}


def rows_behind(copy: Opened, asked: Asked, name: str, where: Mapping[str, Any] | None = None) -> list[int]:
    """Ids of the rows behind a measure, the newest first; the same id twice when it counts twice. One statement.

    `where` narrows to a value of a column the measure can be cut by; None stands for "not known".
    """
    found = measure(name)
    rows = found.source.build(copy, asked, EVERYTHING)
    if found.drill is not None:
        rows = rows.filter(found.drill(rows))
    for column, value in (where or {}).items():
        rows = rows.filter(rows[column].isnull() if value is None else rows[column] == value)
    return [row["id"] for row in copy.rows(rows.select("id").order_by(rows.id.desc()))]


def expression(
    copy: Opened, asked: Asked, source: Source, measures: Sequence[Measure], by: str | None = None
) -> ir.Table:
    """The one expression behind these measures of a source; its columns are their names with __ for dots."""
    whole = source.build(copy, asked, EVERYTHING)
    if by:
        return whole.group_by(by).aggregate(**_values(measures, whole))
    used = {field.name for value in _values(measures, whole).values() for field in value.op().find(ops.Field)
            if field.rel == whole.op()}  # fmt: skip
    rows = source.build(copy, asked, used)
    return rows.aggregate(**_values(measures, rows))


def divided(above: Figure, below: Figure) -> float | None:
    """One figure by another; None where that is not possible."""
    return above / below if above is not None and below else None


def _answered(
    copy: Opened, asked: Asked, source: Source, measures: tuple[Measure, ...], by: str | None = None
) -> list[dict[str, Any]]:
    return kept.rows(
        copy, asked, (source, measures, by), lambda copy, asked: expression(copy, asked, source, measures, by)
    )


def _values(measures: Sequence[Measure], rows: ir.Table) -> dict[str, ir.Value]:
    return {one.name.replace(".", "__"): one.value(rows) for one in measures}


def _one(row: Mapping[str, Any]) -> dict[str, Figure]:
    return {name.replace("__", "."): _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Figure:
    if value is None or value != value:  # Spark gives NaN where DuckDB gives NULL
        return None
    return float(value) if isinstance(value, float) else int(value)
