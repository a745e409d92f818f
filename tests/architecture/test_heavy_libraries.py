"""Libraries for analysis are loaded by the process that keeps the columnar copy, and by no other that always runs."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

HEAVY = {"duckdb", "ibis", "numpy", "pandas", "pyarrow", "pyspark", "scipy", "sklearn", "splink"}
LOOK = "import sys, importlib, django; django.setup(); importlib.import_module({!r}); print(*sys.modules)"


@pytest.mark.parametrize("process", ["leadloop.front.asgi", "leadloop.front.urls", "leadloop.loop.supervisor.family"])
def test_processes_that_always_run_stay_light(process: str) -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "leadloop.settings", "DATABASE_URL": "postgresql://u@h/d"}
    done = subprocess.run(
        [sys.executable, "-c", LOOK.format(process)], env=environment, capture_output=True, text=True, check=True
    )
    assert {name.partition(".")[0] for name in done.stdout.split()} & HEAVY == set()
