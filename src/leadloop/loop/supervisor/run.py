"""Bringing an installation up, watching it, and taking it down in order: the database starts first and ends last."""

from __future__ import annotations

import signal
import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

import psycopg

from leadloop.kernel.errors import LeadloopError
from leadloop.ledger.epochs import begin_epoch
from leadloop.loop.marker import Marker
from leadloop.loop.supervisor import schema
from leadloop.loop.supervisor.beside import Beside
from leadloop.loop.supervisor.child import Child, Pause, Plan
from leadloop.platform.config import Config
from leadloop.platform.database import roles
from leadloop.platform.database.cluster import Cluster
from leadloop.platform.database.urls import addresses, embedded

TEND_SECONDS = 0.1
HEAD_START, LOOK_SECONDS = 3.0, 0.02
PATIENCE = 20.0  # the sample company stops processes and a database of its own

Say = Callable[[str], None]


class Supervisor:
    """The processes of one installation on this machine."""

    def __init__(self, config: Config, say: Say) -> None:
        self.config = config
        self.say = say
        self.cluster: Cluster | None = embedded(config) if config.embedded else None
        self.children: list[Child] = []
        self.beside = Beside(config)
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
        with Marker(self.config.home / "run" / "supervisor.pid"):
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
        if any(child.plan.name == "web" for child in self.children):
            self.beside.tend()

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
        everybody = [*self.children, *([self.beside.child] if self.beside.child else [])]
        for child in everybody:
            child.ask_to_stop()
        for child in everybody:
            child.wait_stopped(PATIENCE)
        if self.cluster is not None:
            self.cluster.stop()
