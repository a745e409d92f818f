"""What runs the search: DuckDB in this process, or Spark where a base outgrows one machine. One code for both."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
from splink import DuckDBAPI

from leadloop.kernel.values import dataclass
from leadloop.platform.spark import session

Kind = Literal["duckdb", "spark"]
MEMORY = "2GB"  # what DuckDB takes before it spills to its folder


@dataclass(frozen=True, slots=True)
class Engine:
    """Splink's way to a database, and plain SQL on it.

    `words` are what this database calls the functions that the configuration leaves open.
    """

    api: Any
    words: Mapping[str, str]
    load: Callable[[str, pa.Table], None]  # makes a table of this name of rows
    make: Callable[[str, str], None]  # makes a table of this name of a statement
    rows: Callable[[str], list[tuple[Any, ...]]]


@contextmanager
def engine(kind: Kind, *, folder: Path | None = None) -> Iterator[Engine]:
    """Open an engine, with `folder` for what does not fit into memory. Unavailable where Spark is not there."""
    with _spark() if kind == "spark" else _duckdb(folder) as opened:
        yield opened


@contextmanager
def _duckdb(folder: Path | None) -> Iterator[Engine]:
    api = DuckDBAPI()
    duck = api.duckdb_con
    duck.execute(f"set memory_limit = '{MEMORY}'")
    if folder is not None:
        duck.execute("set temp_directory = '{}'".format(str(folder).replace("'", "''")))

    def load(name: str, rows: pa.Table) -> None:
        duck.register("given", rows)
        make(name, "select * from given")
        duck.unregister("given")

    def make(name: str, sql: str) -> None:
        duck.execute(f"create or replace table {name} as {sql}")

    words = {"jaro_winkler": "jaro_winkler_similarity"}
    try:
        yield Engine(api, words, load, make, lambda sql: duck.execute(sql).fetchall())
    finally:
        duck.close()


@contextmanager
def _spark() -> Iterator[Engine]:
    spark = session()
    backend = import_module("splink.backends.spark")
    spark.sql(f"add jar '{backend.similarity_jar_location()}'")  # Splink's own: similarities that Spark lacks
    api = backend.SparkAPI(spark_session=spark, break_lineage_method="persist")
    words = {"jaro_winkler": "jaro_winkler"}

    def keep(name: str, frame: Any) -> None:
        frame.cache().createOrReplaceTempView(name)

    try:
        yield Engine(
            api,
            words,
            lambda name, rows: keep(name, spark.createDataFrame(rows)),
            lambda name, sql: keep(name, spark.sql(sql)),
            lambda sql: [tuple(row) for row in spark.sql(sql).collect()],
        )
    finally:
        spark.catalog.clearCache()
