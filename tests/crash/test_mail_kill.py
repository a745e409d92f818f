"""A worker that is killed while it reads a mailbox: every message is in the inbox once, whatever it was at."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from leadloop.capture import mailbox as mailboxes
from leadloop.capture import services as capture
from leadloop.capture.contracts import PortalKind
from leadloop.capture.mailbox import MailboxIn, Way
from leadloop.capture.queries import portal
from leadloop.capture.services import PortalIn
from leadloop.capture.tests.letters import letter
from leadloop.kernel import clock
from leadloop.ledger.sql import run
from leadloop.loop.supervisor.child import Child
from leadloop.platform.database.testing import TestCluster
from tests.crash import accounts
from tests.crash.processes import kill
from tests.crash.test_jobs_kill import working
from tests.crash.waiting import until
from tests.stories.house import SETUP, House, open_house
from tests.support.cast import Cast
from tests.support.dovecot import DOVECOT, PASSWORD, Server, dovecot

pytestmark = [
    pytest.mark.crash,
    pytest.mark.xdist_group("crash"),
    pytest.mark.skipif(not DOVECOT, reason="dovecot is not installed: apt-get install dovecot-imapd"),
]

MESSAGES = 20
PATIENCE = 90


@pytest.fixture
def house(fresh_db: str, cast: Cast) -> House:
    opened = open_house(cast)
    wanted = PortalIn(
        key="mail",
        name="E-mail",
        kind=PortalKind.MAIL,
        owner_id=cast.user["tomas"],
        interest_id=cast.interest["general"],
    )
    capture.save_portal(portal=wanted, actor=SETUP, now=opened.now)
    return opened


@dataclass
class Between:
    """Stands between worker and server and lets everything through but one command, at which it falls silent."""

    server_port: int
    word: bytes
    reached: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self.server_port))
                threading.Thread(target=self._carry, args=(client, server, self.word), daemon=True).start()
                threading.Thread(target=self._carry, args=(server, client, b""), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, word: bytes) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if word and word in data:
                    self.reached.set()
                    return
                target.sendall(data)
            target.close()


@contextmanager
def between(server: Server, word: bytes) -> Iterator[Between]:
    stands = Between(server.port, word)
    try:
        yield stands
    finally:
        stands.close()


def point_at_port(house: House, port: int) -> None:
    wanted = MailboxIn(
        portal_id=portal("mail").id,
        way=Way.IMAP,
        host="127.0.0.1",
        port=port,
        tls="none",
        login="sales",
        secret=PASSWORD,
    )
    mailboxes.save_mailbox(mailbox=wanted, actor=SETUP, now=clock.now())


def later() -> None:
    """The lease of whoever was killed runs out."""
    run("update capture_mailbox set lease_until = null, next_at = now()", [])


def counts() -> tuple[int, int]:
    """How many deliveries there are, and how many different messages."""
    return accounts.ask("select count(*), count(distinct body) from capture_submission")[0]  # type: ignore[return-value]


def end(child: Child) -> None:
    assert child.process is not None
    kill(child.process.pid)


def test_killed_at_every_step_every_message_arrives_once(house: House, fresh_db: str, cluster: TestCluster) -> None:
    with dovecot() as server:
        texts = [letter(f"Hello {number}", subject=f"Hello {number}").as_bytes() for number in range(MESSAGES)]
        server.deliver(*texts)
        for word, stored in ((b"BODY.PEEK", 0), (b"STORE", MESSAGES)):
            with between(server, word) as stands:
                point_at_port(house, stands.port)
                with working(fresh_db) as child:
                    until(f"the worker has come to {word!r}", stands.reached.is_set, PATIENCE)
                    end(child)
            assert counts() == (stored, stored)
            assert len(server.uids("UNSEEN")) == MESSAGES
            later()
        point_at_port(house, server.port)
        with working(fresh_db):
            until("everything is marked", lambda: not server.uids("UNSEEN"), PATIENCE)
        assert counts() == (MESSAGES, MESSAGES)


def test_killed_while_it_stores_nothing_is_half_there(house: House, fresh_db: str, cluster: TestCluster) -> None:
    name = str(conninfo_to_dict(fresh_db)["dbname"])
    with dovecot() as server:
        server.deliver(*(letter(f"Hello {number}").as_bytes() for number in range(MESSAGES)))
        point_at_port(house, server.port)
        with psycopg.connect(cluster.url("superuser", name)) as holder:
            holder.execute("lock table capture_submission in exclusive mode")
            with working(fresh_db) as child:
                waits = "select exists (select from pg_stat_activity where %s = any(pg_blocking_pids(pid)))"
                until("the worker stores", lambda: accounts.ask(waits, holder.info.backend_pid)[0][0], PATIENCE)
                end(child)
        assert counts() == (0, 0)
        later()
        with working(fresh_db):
            until("everything is marked", lambda: not server.uids("UNSEEN"), PATIENCE)
        assert counts() == (MESSAGES, MESSAGES)
