"""One supervisor per home folder: a lock that the system itself drops when its holder dies."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from leadloop.kernel.errors import Conflict

_held: set[int] = set()


def _let_go_in_child() -> None:
    """A forked child must not keep the lock when its parent is killed."""
    for handle in _held:
        with suppress(OSError):
            os.close(handle)
    _held.clear()


os.register_at_fork(after_in_child=_let_go_in_child)


class Lock:
    """A lock file with the holder's process id in it. Not for use from several threads at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: int | None = None

    @property
    def held(self) -> bool:
        """True while this object holds the lock."""
        return self._handle is not None and self._handle in _held

    def acquire(self) -> None:
        """Take the lock, or keep it when held already; Conflict names the process that has it."""
        if self.held:
            return
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(handle, 20).decode(errors="replace").strip()
            os.close(handle)
            raise Conflict(
                f"Leadloop already runs on {self.path.parents[1]} (process {holder or 'unknown'}).",
                mend="Stop it first, or set LEADLOOP_HOME to another folder.",
            ) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        self._handle = handle
        _held.add(handle)

    def release(self) -> None:
        """Give the lock back; does nothing when it is not held."""
        if self._handle is not None and self.held:
            _held.discard(self._handle)
            os.close(self._handle)
        self._handle = None
