"""The built-in PostgreSQL as our own child process.

Terms: *home* is the installation's folder, the *cluster* its database files, the *server* the running
process.

Guarantee: one server per home; what was committed survives ``kill -9`` of server, supervisor or both, and
the next ``start`` works at once; a killed supervisor leaves no server behind.

Cases: a half-made cluster is made again; a server orphaned by a killed supervisor is asked to stop and
waited for; backends orphaned by a killed server are ended; stale lock files, also those whose process id
now belongs to somebody else, are removed; a server that Leadloop did not start is left alone and named.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from leadloop.kernel.errors import Refused, Unavailable
from leadloop.platform.config import kept_secret
from leadloop.platform.database import launch, logfile, options, processes
from leadloop.platform.database.account import Account
from leadloop.platform.database.binaries import MEND, OLDEST, Binaries, find
from leadloop.platform.database.lock import Lock
from leadloop.platform.database.place import Place
from leadloop.platform.database.run import clean_environment, run

PORT = 5432  # only names the socket: nothing listens on the network
SUPERUSER = "postgres"
DATABASE = "leadloop"
LOCALE = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")


class Cluster:
    """One built-in database. Start it from a thread that lives as long as the process.

    The server is tied to the starting *thread*: Linux sends the death signal when that thread ends.
    """

    def __init__(self, home: Path, *, binaries: Binaries | None = None, durable: bool = True) -> None:
        self.place = Place(home)
        self.process: subprocess.Popen[bytes] | None = None
        self._binaries = binaries
        self._durable = durable
        self._lock = Lock(self.place.lock)
        self._log_start = 0

    @property
    def running(self) -> bool:
        """True while the server that this object started lives, ready or not."""
        return self.process is not None and self.process.poll() is None

    def ensure(self) -> Account:
        """Make the cluster when it is missing; return the user it runs as. Takes and keeps the lock."""
        self.place.open_home()
        self._lock.acquire()
        owner = self.place.open_server()
        if not self.place.made:
            self._make(owner)
        self._check_version()
        return owner

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server as our child, not yet ready. Conflict names who runs here already."""
        if self.process is not None and self.process.poll() is None:
            return self.process
        owner = self.ensure()
        processes.clear(self.place.data)
        programs = self._programs().within_reach_of(owner)
        socket_dir = self.place.open_socket_dir(owner)
        chosen = options.arguments(socket_dir, port=PORT, durable=self._durable)
        command = [programs.program("postgres"), "-D", str(self.place.data), *chosen]
        with logfile.opened(self.place.log) as log:
            self._log_start = log.tell()
            self.process = subprocess.Popen(  # noqa: S603 - our own program, no shell
                _launched(command, owner),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=clean_environment(),
                start_new_session=True,  # Ctrl-C reaches the supervisor alone, which stops things in order
            )
        return self.process

    def wait_ready(self, timeout: float = 60.0) -> None:
        """Return when the server takes connections; Unavailable, with its log's end, if it does not."""
        end = time.monotonic() + timeout
        while not self.ready():
            if not self.running:
                raise Unavailable(f"PostgreSQL did not start: {self._said()}", mend=f"See {self.place.log}.")
            if time.monotonic() > end:
                raise Unavailable(
                    f"PostgreSQL is not ready after {timeout:.0f} s: {self._said()}",
                    mend=f"It may still be recovering from a crash; see {self.place.log}.",
                )
            time.sleep(0.005)

    def ready(self) -> bool:
        """True when our server has said, in its lock file, that it takes connections."""
        with suppress(FileNotFoundError):
            lines = (self.place.data / "postmaster.pid").read_text().splitlines()
            mine = self.running and self.process is not None and lines[:1] == [str(self.process.pid)]
            return mine and len(lines) > 7 and lines[7].strip() == "ready"
        return False

    def stop(self, timeout: float = processes.ORDERLY) -> None:
        """Stop the server and give the lock back: in order, after ``timeout`` seconds by force."""
        if self.process is not None:
            for number, patience in ((signal.SIGINT, timeout), (signal.SIGQUIT, 5.0), (signal.SIGKILL, None)):
                self.process.send_signal(number)
                with suppress(subprocess.TimeoutExpired):
                    self.process.wait(patience)
                    break
            self.process = None
        self._lock.release()

    def password(self, role: str) -> str:
        """Return the password of a role, made on first use by the one who holds the lock."""
        path = self.place.passwords / role
        if path.exists() or self._lock.held:
            return kept_secret(path)
        raise Unavailable(f"The database below {self.place.home} is not set up.", mend="Run leadloop up first.")

    def url(self, role: str, database: str = DATABASE) -> str:
        """Return the address for a role, as psycopg and Django's helpers take it."""
        host = quote(str(self.place.socket_dir), safe="")
        return f"postgresql://{role}:{quote(self.password(role), safe='')}@/{database}?host={host}&port={PORT}"

    def _programs(self) -> Binaries:
        self._binaries = self._binaries or find(None)
        return self._binaries

    def _make(self, owner: Account) -> None:
        """Run initdb in a draft folder and move the result to its place in one step."""
        programs = self._programs().within_reach_of(owner)
        if (found := programs.version()) < OLDEST:
            raise Refused(f"PostgreSQL {found} in {programs.folder} is too old.", mend=MEND)
        self.place.passwords.mkdir(mode=0o700, exist_ok=True)
        draft = self.place.draft(owner)
        words = draft / "password"
        words.write_text(self.password(SUPERUSER))
        words.chmod(0o600)
        owner.give(words)
        cluster = draft / "data"
        command = [
            programs.program("initdb"),
            "-D",
            str(cluster),
            "-U",
            SUPERUSER,
            *LOCALE,
            f"--pwfile={words}",
        ]
        command += ["--auth-local=scram-sha-256", "--auth-host=scram-sha-256"]
        command += [] if self._durable else ["--no-sync", "--wal-segsize=1"]
        done = run(_launched(command, owner))
        if done.returncode != 0:
            raise Unavailable(f"The database could not be made: {done.stderr.strip()}", mend="Mend it and try again.")
        cluster.rename(self.place.data)
        _sync(self.place.server)
        words.unlink()
        draft.rmdir()

    def _check_version(self) -> None:
        files, programs = int((self.place.data / "PG_VERSION").read_text()), self._programs().version()
        if files != programs:
            raise Refused(
                f"The database was made by PostgreSQL {files}, the programs are {programs}.",
                mend=f"Set LEADLOOP_PG_BIN to PostgreSQL {files}, back up, and restore into a new home.",
            )

    def _said(self) -> str:
        return logfile.since(self.place.log, self._log_start) or "it wrote nothing"


def _launched(command: list[str], owner: Account) -> list[str]:
    """Wrap a command so that it runs as ``owner`` and ends with us."""
    who = (owner.uid, owner.gid) if owner.other else (-1, -1)
    return [sys.executable, "-I", "-S", launch.__file__, str(os.getpid()), *map(str, who), *command]


def _sync(folder: Path) -> None:
    """Make a rename in ``folder`` survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
