"""Run as a module with a seed, a size and a file: build that demo company, measure it, write how that compares."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
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


def main(seed: int, leads: int, answer: Path) -> None:
    """Models load only after Django is set up, in the installation that stands then."""
    with installation():
        django.setup()
        judge = importlib.import_module("benchmarks.judge")
        answer.write_text(json.dumps(judge.judged(seed, leads, END)))
        importlib.import_module("django.db").connections.close_all()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
