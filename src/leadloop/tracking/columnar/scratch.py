"""Where a refresh keeps what it has read and not yet published: below the home folder, however large it gets."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

PREFIX = "columns-"
YOUNG = 60.0  # seconds: one that is being made has no lock yet


@contextmanager
def scratch(home: Path) -> Iterator[Path]:
    """A folder that is gone at the end; what one that was killed left behind goes now."""
    base = home / "scratch"
    base.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in base.glob(f"{PREFIX}*"):
        if time.time() - left.stat().st_mtime > YOUNG and not _in_use(left):
            shutil.rmtree(left, ignore_errors=True)
    with TemporaryDirectory(prefix=PREFIX, dir=base) as name, _held(Path(name)):
        yield Path(name)


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Hold a lock that the system lets go when this process ends, in whatever way."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _in_use(folder: Path) -> bool:
    with suppress(FileNotFoundError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(handle)
    return False
