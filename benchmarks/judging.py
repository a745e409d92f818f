"""Run as a module with a judge, a seed, a size and a file: build that demo company, measure it, write how it compares.

A judge is a module beside this one with `judged(seed, leads, end)`.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import django
import numpy as np

from benchmarks.installation import installation

END = datetime(2026, 6, 30, 15, tzinfo=UTC)


def spearman(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Rank correlation, -1 to 1; equal values share the mean of their ranks."""
    return float(np.corrcoef(_ranks(np.asarray(ours)), _ranks(np.asarray(theirs)))[0, 1])


def _ranks(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    return (last - (count - 1) / 2)[place]


def told(judge: str, seeds: Sequence[int], leads: int) -> list[dict[str, Any]]:
    """What a judge says of a company for each seed, each in a process and an installation of its own.

    As many at a time as there are processors: quality is judged here and no time taken.
    """

    def one(seed: int) -> dict[str, Any]:
        answer = Path(scratch) / f"{seed}.json"
        wanted = [judge, str(seed), str(leads), str(answer)]
        subprocess.run([sys.executable, "-m", "benchmarks.judging", *wanted], check=True)
        found: dict[str, Any] = json.loads(answer.read_text())
        return found

    with TemporaryDirectory() as scratch, ThreadPoolExecutor(os.cpu_count()) as beside:
        return list(beside.map(one, seeds))


def main(name: str, seed: int, leads: int, answer: Path) -> None:
    """Models load only after Django is set up, in the installation that stands then."""
    with installation():
        django.setup()
        judge = importlib.import_module(f"benchmarks.{name}")
        answer.write_text(json.dumps(judge.judged(seed, leads, END)))
        importlib.import_module("django.db").connections.close_all()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
