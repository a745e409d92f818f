"""Running other programs: fixed paths, no shell, an environment of our own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from typing import Any


def run(command: Sequence[str], **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a program to its end in the clean environment and return what it said; never raises on failure."""
    settled = {"env": clean_environment(), "cwd": "/", "stdin": subprocess.DEVNULL, **options}
    return subprocess.run(command, capture_output=True, text=True, check=False, **settled)  # noqa: S603 - see above


def clean_environment(**extra: str) -> dict[str, str]:
    """Return the environment for PostgreSQL's programs, without the PG* variables that would steer them."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "TMPDIR") if name in os.environ}
    return {**kept, "LC_ALL": "C", "TZ": "UTC", **extra}
