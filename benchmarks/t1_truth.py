"""T1: what the measures say of ten demo companies against what is true of them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.result import Result, Row
from benchmarks.timing import median

SEEDS = range(1, 11)
LEADS = 3_800
MODELS = ("markov", "last", "shapley", "linear", "first")


def measure() -> Result:
    """See the module. Each company stands in an installation of its own."""
    with TemporaryDirectory() as scratch:
        found = [_judged(seed, Path(scratch) / f"{seed}.json") for seed in SEEDS]
    rows = [_row(f"seed {seed}", one["ranks"]) for seed, one in zip(SEEDS, found, strict=True)]
    middle = {model: median([one["ranks"][model] for one in found]) for model in MODELS}
    better = sum(one["ranks"]["markov"] > one["ranks"]["last"] for one in found)
    rows.append(_row(f"median of {len(SEEDS)}, Markov ahead in {better}", middle))
    rows += [_equal(name, found) for name in ("hand-overs", "followed up", "never followed up")]
    return Result("T1", rows, _notes(found))


def _judged(seed: int, answer: Path) -> dict[str, Any]:
    subprocess.run([sys.executable, "-m", "benchmarks.judging", str(seed), str(LEADS), str(answer)], check=True)
    found: dict[str, Any] = json.loads(answer.read_text())
    return found


def _row(what: str, ranks: dict[str, float]) -> Row:
    ours, theirs = ranks["markov"], ranks["last"]
    return Row(
        f"programmes ranked, {what}",
        f"{ours:+.2f} by Markov",
        f"{theirs:+.2f} by last touch",
        f"{ours - theirs:+.2f}",
        "Markov ahead",
        ours > theirs,
    )


def _equal(name: str, found: list[dict[str, Any]]) -> Row:
    measured, true = ([one["counts"][name][side] for one in found] for side in ("measured", "true"))
    off = max(abs(a - b) for a, b in zip(measured, true, strict=True))
    return Row(
        f"{name}, all companies", f"{sum(measured):,}", f"{sum(true):,} in truth", f"off by {off}", "equal", off == 0
    )


def _notes(found: list[dict[str, Any]]) -> list[str]:
    others = ", ".join(f"{model} {mean(one['ranks'][model] for one in found):+.2f}" for model in MODELS[2:])
    return [
        f"Seeds {SEEDS[0]} to {SEEDS[-1]}, {LEADS:,} people who ask, 18 months each. Spearman's rank correlation of"
        " the revenue that a model credits to each programme with the revenue that would not be there without it"
        " (`incremental_base_minor` of the truth, see docs/demo.md).",
        f"On average the other models reach {others}.",
        "Hand-overs and their follow-up: what the measures of docs/measures.md count over the whole time, against the"
        " story's own record of who contacted whom.",
    ]
