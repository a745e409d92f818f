"""On what, with which versions and how undisturbed it was measured."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from leadloop.platform.database.binaries import find
from leadloop.platform.database.run import run


def described() -> str:
    """One sentence about the machine, and how busy it was with other things when this began."""
    postgres = run([find(None).program("postgres"), "--version"]).stdout.strip().rpartition(" ")[2]
    versions = ", ".join(f"{name} {version(name)}" for name in ("django", "psycopg", "granian"))
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores ({_processor()}), {gigabytes:.0f} GB,"
        f" Linux {platform.release()}, Python {platform.python_version()}, PostgreSQL {postgres}, {versions};"
        f" load before: {os.getloadavg()[0]:.1f}"
    )


def _processor() -> str:
    """The processor's name, as far as the machine says."""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return " ".join(line.partition(":")[2].split())
    return platform.machine()
