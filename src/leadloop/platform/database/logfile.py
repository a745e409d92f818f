"""The server's log: appended by the server itself, turned over by size at each start."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

LARGEST = 10 * 1024 * 1024
KEPT = 3
SHOWN = 1500


def opened(path: Path) -> BinaryIO:
    """Open the log for appending (mode 0600); a large one is moved aside first, and three are kept."""
    if path.exists() and path.stat().st_size > LARGEST:
        for number in range(KEPT - 1, 0, -1):
            older = path.with_name(f"{path.name}.{number}")
            if older.exists():
                older.replace(path.with_name(f"{path.name}.{number + 1}"))
        path.replace(path.with_name(f"{path.name}.1"))
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    os.lseek(handle, 0, os.SEEK_END)
    return os.fdopen(handle, "ab", buffering=0)


def since(path: Path, start: int) -> str:
    """Return what was written after byte ``start``, at most its last 1,500 bytes."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(start, size - SHOWN))
        return file.read().decode(errors="replace").strip()
