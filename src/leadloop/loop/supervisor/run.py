"""Bringing an installation up, watching it, and taking it down in order: the database starts first and ends last."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import psycopg

from leadloop.kernel.errors import Conflict, LeadloopError, Unavailable
from leadloop.ledger.epochs import begin_epoch
from leadloop.loop.supervisor import schema
from leadloop.loop.supervisor.child import Child, Pause, Plan
from leadloop.platform.config import Config
from leadloop.platform.database import roles
from leadloop.platform.database.cluster import Cluster
from leadloop.platform.database.urls import addresses, embedded

TEND_SECONDS = 0.1
HEAD_START, LOOK_SECONDS = 3.0, 0.02
PATIENCE = 10.0

Say = Callable[[str], None]


class Supervisor:
    """The processes of one installation on this machine."""

    def __init__(self, config: Config, say: Say) -> None:
        self.config = config
        self.say = say
        self.cluster: Cluster | None = embedded(config) if config.embedded else None
        self.children: list[Child] = []
        self.stopping = threading.Event()
        self._pause = Pause()
        self._server_started: float | None = None

    def open_database(self) -> None:
        """Start the built-in database where it is used, bring the schema up to date, begin an epoch if it moved."""
        self._start_cluster()
        place = addresses(self.config)
        if not place.embedded:
            roles.adopt(place.owner, place.app)
        if schema.migrate(place.owner):
            self.say("The database is up to date.")
        with psycopg.connect(place.owner) as owner:
            begin_epoch(owner)

    def _start_cluster(self) -> None:
        if self.cluster is None:
            return
        self._server_started = time.monotonic()
        self.cluster.start()
        self.cluster.wait_ready()
        roles.prepare(self.cluster)

    def run(self, plans: Sequence[Plan], *, on_up: Callable[[], None] | None = None) -> None:
        """Run these processes until SIGINT or SIGTERM, or until `stopping` is set; then stop them in order."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self.stopping.set())
        self.children = [Child(plan) for plan in plans]
        with _Marker(self.config.home / "run" / "supervisor.pid"):
            try:
                self._start_web()
                self._tend()
                if on_up:
                    on_up()
                while not self.stopping.wait(TEND_SECONDS):
                    self._tend()
            finally:
                self.close()

    def _start_web(self) -> None:
        """Somebody waits for the first page, so it has the machine to itself until it is there, or for a moment."""
        for child in self.children:
            if child.plan.name == "web":
                child.tend()
                end = time.monotonic() + HEAD_START
                while child.running and not self._answers() and time.monotonic() < end:
                    self.stopping.wait(LOOK_SECONDS)

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection((self.config.host, self.config.port), timeout=1):
            return True
        return False

    def _tend(self) -> None:
        if self.cluster is not None and not self.cluster.running:
            self._restart(self.cluster)
        for child in self.children:
            child.tend()

    def _restart(self, cluster: Cluster) -> None:
        """Start the server once more when its pause is over. Nobody waits here: everyone asks until it answers.

        What goes wrong is said and tried again: it may pass, and pages that are late are better than none.
        """
        now = time.monotonic()
        if self._server_started is not None:
            self.say("PostgreSQL has ended; starting it again.")
            self._pause.begin(now, lived=now - self._server_started)
            self._server_started = None
        if not self._pause.over(now):
            return
        self._server_started = now
        try:
            cluster.start()
        except (LeadloopError, OSError) as error:
            self.say(str(error))

    def close(self) -> None:
        """Stop everything; what is in hand is finished first."""
        for child in self.children:
            child.ask_to_stop()
        for child in self.children:
            child.wait_stopped(PATIENCE)
        if self.cluster is not None:
            self.cluster.stop()


class _Marker:
    """Names the running supervisor, so that `leadloop down` finds it and a second one is refused."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None:
        running = running_supervisor(self.path.parents[1])
        if running:
            raise Conflict(
                f"Leadloop runs here already, as process {running}", mend="Stop it with `leadloop down` first."
            )
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(str(os.getpid()))

    def __exit__(self, *_: object) -> None:
        self.path.unlink(missing_ok=True)


def running_supervisor(home: Path) -> int | None:
    """The pid of the supervisor that serves this home; None when there is none, even if its mark was left behind."""
    try:
        pid = int((home / "run" / "supervisor.pid").read_text())
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ValueError):
        return None
    return pid if b"leadloop" in words and pid != os.getpid() else None


def stop_running(home: Path, *, patience: float = 60.0) -> bool:
    """Ask the running supervisor to stop and wait for it; False when none runs."""
    pid = running_supervisor(home)
    if pid is None:
        return False
    os.kill(pid, signal.SIGTERM)
    gone = threading.Event()
    for _ in range(int(patience * 20)):
        if running_supervisor(home) is None:
            return True
        gone.wait(0.05)
    raise Unavailable(f"Process {pid} has not stopped within {patience:.0f} s", mend="See its log, then end it by hand")
