"""A whole installation under `leadloop up`: its own home, its own PostgreSQL, everything started by the supervisor."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from leadloop.loop.supervisor.plans import pumps
from leadloop.platform.database import testing
from leadloop.platform.database.cluster import Cluster
from leadloop.platform.database.processes import postmaster
from tests.browser.site import free_port
from tests.crash.processes import below, child_running, children, named, words
from tests.crash.waiting import until

UP_SECONDS = 120
STARTED = {"web": "granian", "family": "leadloop.loop.supervisor.family"}
FORKED = (*pumps(), "worker")


@dataclass
class Installation:
    """One that runs. `environment` is what every command needs to reach it."""

    home: Path
    port: int
    environment: dict[str, str]
    supervisor: subprocess.Popen[bytes]
    cluster: Cluster = field(init=False)

    def __post_init__(self) -> None:
        self.cluster = Cluster(self.home)

    def dsn(self, role: str = "leadloop_app") -> str:
        """The database's address."""
        return self.cluster.url(role)

    def process(self, name: str) -> int | None:
        """The process of this name, None while it is being started again."""
        if name == "postmaster":
            return self._server()
        if name == "web worker":
            web = self.process("web")
            return max(below(web, but_not=("resource_tracker", "forkserver")), default=None) if web else None
        if name == "backend":
            server = self._server()
            serving = (pid for pid in children(server) if "leadloop_app" in " ".join(words(pid))) if server else ()
            return max(serving, default=None)
        if name in FORKED:
            return named(self.supervisor.pid, name)
        return child_running(self.supervisor.pid, STARTED[name])

    def complete(self) -> bool:
        """Whether everything runs, the web process takes connections and the database answers."""
        if not all(self.process(name) for name in (*STARTED, *FORKED, "web worker", "postmaster")):
            return False
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return self._answers()
        return False

    def _answers(self) -> bool:
        with psycopg.connect(self.dsn(), connect_timeout=2) as connection:
            return connection.execute("select exists (select from capture_portal)").fetchone() == (True,)

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one command of the command line to its end."""
        return subprocess.run(
            [sys.executable, "-m", "leadloop.loop.cli.main", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def _server(self) -> int | None:
        pid = postmaster(self.cluster.place.data)
        return pid if pid and "postgres" in " ".join(words(pid)) else None


@contextmanager
def installation(**settings: str) -> Iterator[Installation]:
    """Bring one up with these settings, and take it down in order at the end."""
    home, port = testing.new_home(), free_port()
    dropped = {"DATABASE_URL", "LEADLOOP_DATABASE_URL", testing.VARIABLE, "LEADLOOP_TEST_HOME"}
    environment = {name: value for name, value in os.environ.items() if name not in dropped}
    environment |= {"LEADLOOP_HOME": str(home), "LEADLOOP_PORT": str(port), "LEADLOOP_LOG_LEVEL": "error", **settings}
    log = (home / "up.log").open("wb")
    up = subprocess.Popen(
        [sys.executable, "-m", "leadloop.loop.cli.main", "up"],
        env=environment,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    running = Installation(home, port, environment, up)
    try:
        until("leadloop up runs everything", lambda: _alive(up, home) and running.complete(), UP_SECONDS)
        yield running
    finally:
        up.terminate()
        with suppress(subprocess.TimeoutExpired):
            up.wait(60)
        up.kill()
        log.close()
        testing.remove(home)


def _alive(up: subprocess.Popen[bytes], home: Path) -> bool:
    assert up.poll() is None, f"leadloop up has ended:\n{(home / 'up.log').read_text()[-3000:]}"
    return (home / "pg" / "passwords" / "leadloop_app").exists()
