"""Opening the copy with an engine: DuckDB in this process, or Spark where a company outgrows one machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import ibis
import ibis.expr.types as ir
from numpy.typing import NDArray

from leadloop.kernel.errors import Unavailable
from leadloop.platform.spark import session
from leadloop.tracking.columnar import manifest as manifests
from leadloop.tracking.columnar.manifest import Manifest
from leadloop.tracking.columnar.place import Place
from leadloop.tracking.columnar.tables import TABLES, Kind, Table

Engine = Literal["duckdb", "spark"]
IBIS = {
    Kind.ID: "int64",
    Kind.COUNT: "int32",
    Kind.TEXT: "string",
    Kind.FLAG: "boolean",
    Kind.REAL: "float64",
    Kind.MOMENT: "timestamp(6)",
    Kind.DAY: "date",
}


@dataclass(frozen=True)
class Opened:
    """The copy as tables by name, of one generation. `many`: several periods will be asked for."""

    manifest: Manifest
    engine: Engine
    backend: Any  # an Ibis backend; they share no public base class
    many: bool = False
    tables: dict[str, ir.Table] = field(default_factory=dict, init=False)  # asked once for their columns

    def __getitem__(self, table: str) -> ir.Table:
        if table not in self.tables:
            if table in _ALIKE:
                self._make(table, _ALIKE[table](self))
            self.tables[table] = self.backend.table(table)
        return self.tables[table]

    def _make(self, name: str, rows: ir.Table) -> None:
        """Work a table out and hold it for as long as the copy is open."""
        if self.engine == "duckdb":
            self.backend.create_table(name, rows, temp=True)
        else:
            self.backend.raw_sql(self.backend.compile(rows)).cache().createOrReplaceTempView(name)

    def rows(self, expression: ir.Table) -> list[dict[str, Any]]:
        """Run an expression and return its rows."""
        return list(self.backend.to_pyarrow(expression).to_pylist())

    def rows_of(self, sql: str) -> list[dict[str, Any]]:
        """Run a statement of this engine's and return its rows."""
        if self.engine == "spark":
            return [row.asDict() for row in self.backend.raw_sql(sql).collect()]
        done = self.backend.con.execute(sql)
        names = [column[0] for column in done.description]
        return [dict(zip(names, row, strict=True)) for row in done.fetchall()]

    def columns(self, expression: ir.Table) -> dict[str, NDArray[Any]]:
        """Run an expression without nulls and return its columns."""
        table = self.backend.to_pyarrow(expression)
        return {name: table.column(name).to_numpy() for name in table.column_names}

    def pieces(self, expression: ir.Table) -> list[dict[str, NDArray[Any]]]:
        """The same in the pieces that the engine gives, of which nothing is copied: for many millions of rows."""
        pieces = self.backend.to_pyarrow(expression).to_batches()
        return [{name: piece.column(name).to_numpy() for name in piece.schema.names} for piece in pieces]


_ALIKE: dict[str, Callable[[Opened], ir.Table]] = {}


def alike(build: Callable[[Opened], ir.Table]) -> Callable[[Opened], ir.Table]:
    """Rows that are the same whatever period is asked for: where it will be several they are worked out once."""
    name = f"alike{build.__name__}"
    _ALIKE[name] = build
    return lambda copy: copy[name] if copy.many else build(copy)


@contextmanager
def opened(place: Place, engine: Engine = "duckdb", *, many: bool = False) -> Iterator[Opened]:
    """Open the copy as it stands; `many` where several periods will be asked for.

    Unavailable where there is none yet, or the engine is not installed.
    """
    manifest = manifests.load(place)
    if manifest is None:
        raise Unavailable("Nothing was copied yet", mend="Run `leadloop columns refresh`")
    place.forget_others(manifest.paths)
    backend = _duckdb() if engine == "duckdb" else _spark()
    try:
        for table in TABLES.values():
            paths = [str(place.local(file.path)) for file in manifest.tables.get(table.name, ())]
            if not paths:
                _empty(backend, table)
            elif engine == "duckdb":
                backend.read_parquet(paths, table_name=table.name)
            else:
                backend._session.read.parquet(*paths).createOrReplaceTempView(table.name)
        yield Opened(manifest, engine, backend, many)
    finally:
        if engine == "duckdb":
            backend.disconnect()
        elif many:
            backend._session.catalog.clearCache()


def _duckdb() -> Any:
    backend = ibis.duckdb.connect()
    backend.raw_sql("set timezone = 'UTC'")
    return backend


def _spark() -> Any:
    made = session()  # says what is missing, which Ibis would not in words of ours
    return ibis.pyspark.connect(made)


def _empty(backend: Any, table: Table) -> None:
    """A table without rows, where nothing was copied of it."""
    schema = ibis.schema({column.name: IBIS[column.kind] for column in table.columns})
    if backend.name == "pyspark":
        frame = backend._session.createDataFrame([], _spark_schema(table))
        frame.createOrReplaceTempView(table.name)
    else:
        backend.create_table(table.name, schema=schema, temp=True)


def _spark_schema(table: Table) -> str:
    """The schema in Spark's words."""
    words = {Kind.TEXT: "STRING", Kind.COUNT: "INT", Kind.MOMENT: "TIMESTAMP_NTZ"}
    return ", ".join(f"`{column.name}` {words.get(column.kind, str(column.kind))}" for column in table.columns)
