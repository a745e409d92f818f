"""Moments as whole seconds, in which every engine means the same: DuckDB has fractions there, Spark has none."""

from __future__ import annotations

import ibis.expr.types as ir


def seconds(moment: ir.Value) -> ir.Value:
    """Whole seconds since 1970, rounded down."""
    return moment.truncate("s").epoch_seconds().cast("int64")
