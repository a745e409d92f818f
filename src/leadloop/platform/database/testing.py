"""A throwaway PostgreSQL for tests: no syncing, a folder of its own, gone afterwards.

``shared()`` serves a whole test run: the first process that asks (with xdist: the controller) starts the
cluster and names it in the environment; worker processes inherit the name and join it. The starter stops it
at exit, and should it be killed, the server ends with it.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql

from leadloop.platform.config import HOME_MODE
from leadloop.platform.database import roles
from leadloop.platform.database.cluster import DATABASE, SUPERUSER, Cluster

VARIABLE = "LEADLOOP_TEST_CLUSTER"
PREFIX = "leadloop-test-"
ABANDONED = 6 * 3600  # seconds after which what a killed run left is swept


class TestCluster:
    """A running cluster, as a context; without ``home`` in a new folder that is removed at the end."""

    __test__ = False  # for pytest: despite its name this is no test

    def __init__(self, home: Path | None = None) -> None:
        self.home = home or new_home()
        self.cluster = Cluster(self.home, durable=False)

    def __enter__(self) -> Self:
        self.cluster.start()
        self.cluster.wait_ready()
        roles.prepare(self.cluster)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop the server and remove everything."""
        self.cluster.stop()
        remove(self.home)

    def url(self, role: str, database: str = DATABASE) -> str:
        """Return an address; ``role`` is app, owner or superuser."""
        name = {"app": roles.APP, "owner": roles.OWNER, "superuser": SUPERUSER}[role]
        return self.cluster.url(name, database)

    def create_database(self, name: str, template: str | None = None) -> None:
        """Make a database with our roles' rights: empty, or a copy of ``template``, in use by nobody."""
        with psycopg.connect(self.url("superuser", "postgres"), autocommit=True) as admin:
            roles.create_database(admin, name, template=template or "template0")
        if template is None:
            with psycopg.connect(self.url("owner", name)) as connection:
                roles.settle(connection, roles.APP)

    def drop_database(self, name: str) -> None:
        """Remove a database and end the sessions on it; does nothing when there is none."""
        with psycopg.connect(self.url("superuser", "postgres"), autocommit=True) as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def template(self, name: str, build: Callable[[str], None]) -> str:
        """Return ``name``, a database that ``build(owner's address)`` fills once, for whoever asks first.

        A build that fails leaves nothing, and the next who asks tries again.
        """
        with (self.home / f"{name}.building").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            with psycopg.connect(self.url("superuser", "postgres"), autocommit=True) as admin:
                exists = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
            if not exists:
                draft = f"{name}_draft"
                self.drop_database(draft)
                self.create_database(draft)
                build(self.url("owner", draft))
                self._rename(draft, name)
        return name

    def _rename(self, old: str, new: str) -> None:
        with psycopg.connect(self.url("superuser", "postgres"), autocommit=True) as admin:
            admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*map(sql.Identifier, (old, new))))


@lru_cache(maxsize=1)
def shared() -> TestCluster:
    """Return the test run's one cluster, running; started here unless a parent process has named one."""
    if named := os.environ.get(VARIABLE):
        return TestCluster(Path(named))
    sweep()
    started = TestCluster().__enter__()
    os.environ[VARIABLE] = str(started.home)
    atexit.register(_close_in, os.getpid(), started)
    return started


def new_home() -> Path:
    """Make a folder for a throwaway cluster that the server's own user can reach."""
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    folder.chmod(HOME_MODE)
    return folder


def remove(home: Path) -> None:
    """Remove a stopped cluster with its home, also what lies elsewhere."""
    place = Cluster(home).place
    for folder in (place.socket_dir, place.server, home):
        shutil.rmtree(folder, ignore_errors=True)


def sweep() -> None:
    """Remove what earlier runs left when they were killed, once it is old."""
    for home in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if home.stat().st_uid == os.geteuid() and time.time() - home.stat().st_mtime > ABANDONED:
            remove(home)


def _close_in(process: int, cluster: TestCluster) -> None:
    """Close at exit, but not in a fork of the process that started it."""
    if os.getpid() == process:
        cluster.close()
