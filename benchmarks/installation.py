"""A throwaway installation to measure on: its own folder and its own durable PostgreSQL, with the schema in it."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from leadloop.loop.supervisor import Supervisor
from leadloop.platform.config import HOME_MODE, load
from leadloop.platform.database.urls import embedded

FOREIGN = (
    *("DATABASE_URL", "LEADLOOP_DATABASE_URL", "LEADLOOP_EMAIL_URL", "LEADLOOP_DB_ROLE"),
    "PYTHONDONTWRITEBYTECODE",  # no installation is started without its bytecode twice
)


@contextmanager
def folder() -> Iterator[Path]:
    """Point this process and its children at a new home and a free port; remove everything at the end."""
    home = Path(tempfile.mkdtemp(prefix="leadloop-bench-"))
    live_in(home)
    try:
        yield home
    finally:
        place = embedded(load()).place
        for one in (place.socket_dir, place.server, home):
            shutil.rmtree(one, ignore_errors=True)


def live_in(home: Path) -> None:
    """Point this process and its children at this home and a free port."""
    home.mkdir(exist_ok=True)
    home.chmod(HOME_MODE)
    for name in FOREIGN:
        os.environ.pop(name, None)
    os.environ |= {
        "LEADLOOP_HOME": str(home),
        "LEADLOOP_PORT": str(free_port()),
        "LEADLOOP_LOG_LEVEL": "error",
        "DJANGO_SETTINGS_MODULE": "leadloop.settings",
    }
    load.cache_clear()


@contextmanager
def installation() -> Iterator[Path]:
    """The same, with the database running and migrated until the block ends."""
    with folder() as home, database():
        yield home


@contextmanager
def database() -> Iterator[None]:
    """The database of the home this process lives in, running and migrated until the block ends."""
    supervisor = Supervisor(load(), lambda _: None)
    try:
        supervisor.open_database()
        yield
    finally:
        supervisor.close()


def free_port() -> int:
    """A port of the loopback address that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
