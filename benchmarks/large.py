"""A demo company of a million leads to measure on, built as `leadloop demo` builds it, once for all that ask."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.installation import folder, live_in
from benchmarks.timing import seconds

LEADS = 1_000_000
NOTE = "bench-build.json"
SEED = 7


@contextmanager
def home(kept: Path | None) -> Iterator[Path]:
    """A home in which the company stands: in `kept`, where it stays for the next time, or one that is thrown away."""
    if kept is None:
        with folder() as found:
            _build(found)
            yield found
        return
    live_in(kept)
    if not (kept / NOTE).exists():
        _build(kept)
    yield kept


def build_seconds(found: Path) -> float:
    """How long building took, with the two reports and the check it ends with."""
    return float(json.loads((found / NOTE).read_text())["seconds"])


def leadloop(*words: str) -> str:
    """Run a command of ours and return what it prints. CalledProcessError when it fails."""
    program = str(Path(sys.executable).with_name("leadloop"))
    return subprocess.run([program, *words], check=True, stdout=subprocess.PIPE, text=True).stdout


def _build(found: Path) -> None:
    took = seconds(lambda: leadloop("demo", "--leads", str(LEADS), "--seed", str(SEED), "--no-serve"))
    (found / NOTE).write_text(json.dumps({"seconds": took}))
