"""Faults 19 and 20: a PostgreSQL of its own is stopped, and started again, under a web process that goes on."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection
from psycopg.conninfo import conninfo_to_dict

from leadloop.capture.door.spool import standing
from leadloop.capture.queries import portal
from leadloop.capture.services import new_token
from leadloop.kernel import clock
from leadloop.ledger.contracts import by_system
from leadloop.platform.database.backup import backup, restore
from leadloop.platform.database.testing import TestCluster
from leadloop.platform.database.urls import Addresses, of_cluster
from tests.browser.site import Site, serve
from tests.crash import accounts
from tests.crash.processes import kill_group
from tests.crash.test_pump_kill import come_to_rest
from tests.crash.waiting import until
from tests.stories.house import open_house
from tests.support.cast import Cast
from tests.support.plugin import point_at

pytestmark = [pytest.mark.crash, pytest.mark.xdist_group("crash")]

PROMISED = 2.0  # seconds within which a sender is answered: what the door promises, not a measurement
PATIENCE = 60
CALLERS = 4


@dataclass(frozen=True)
class Place:
    """A company in a database server that may be stopped."""

    server: TestCluster
    url: str
    secret: str

    def stop(self) -> None:
        connection.close()
        self.server.cluster.stop()

    def start(self) -> None:
        self.server.cluster.start()
        self.server.cluster.wait_ready()


@dataclass(frozen=True)
class Said:
    """What a web server answered."""

    status: int
    retry_after: str | None
    body: bytes


@pytest.fixture
def place(fresh_db: str, cast: Cast, cluster: TestCluster, tmp_path: Path) -> Iterator[Place]:
    open_house(cast)
    secret = new_token(portal_id=portal("api").id, actor=by_system("test"), now=clock.now())
    file, name = tmp_path / "copy.leadloop", str(conninfo_to_dict(fresh_db)["dbname"])
    admin = cluster.url("superuser", "postgres")
    backup(file, source=Addresses(cluster.url("app", name), cluster.url("owner", name), admin, embedded=True))
    with TestCluster() as server:
        target = of_cluster(server.cluster)
        restore(file, now=clock.now(), after_restore=lambda _owner: None, target=target)
        point_at(target.app)
        yield Place(server, target.app, secret)
        point_at(fresh_db)


def ask(site: Site, path: str, body: bytes | None = None, **headers: str) -> Said:
    """One request, on a connection of its own."""
    line = http.client.HTTPConnection(str(urlsplit(site.url).netloc), timeout=20)
    try:
        line.request("GET" if body is None else "POST", path, body, headers)
        answer = line.getresponse()
        return Said(answer.status, answer.getheader("Retry-After"), answer.read())
    finally:
        line.close()


def deliver(site: Site, place: Place, number: int, key: str = "") -> Said:
    headers = {"Authorization": f"Bearer {place.secret}", "Content-Type": "application/json"}
    headers |= {"Idempotency-Key": key} if key else {}
    body = json.dumps({"name": "Cleo Brandt", "email": f"cleo.{number}@away.example"}).encode()
    return ask(site, "/api/capture/api", body, **headers)


def bodies() -> list[str]:
    rows = accounts.ask("select convert_from(body, 'UTF8')::json ->> 'email' from capture_submission order by id")
    return [email.partition("@")[0].partition(".")[2] for (email,) in rows]


def test_fault_19_without_a_spool_it_is_503_in_time_and_202_once_it_is_back(place: Place) -> None:
    with serve(place.url, roles=("web",)) as site:
        assert deliver(site, place, 0).status == 202
        place.stop()
        for number in range(5):
            began = time.monotonic()
            answer = deliver(site, place, 1, key=f"key-{number}")
            assert time.monotonic() - began < PROMISED
            assert (answer.status, answer.retry_after) == (503, "2")
        place.start()
        until("it is taken again", lambda: deliver(site, place, 2, key="two").status == 202, PATIENCE)
        assert bodies() == ["0", "2"]


def test_fault_19_with_a_spool_nothing_is_lost_nor_doubled_when_the_door_is_killed_meanwhile(
    place: Place, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    with serve(place.url, roles=("web",), LEADLOOP_SPOOL="true", LEADLOOP_HOME=str(home)) as site:
        assert deliver(site, place, 0).status == 202
        place.stop()
        for number in range(1, 30):
            began = time.monotonic()
            answer = deliver(site, place, number, key=f"key-{number}")
            assert time.monotonic() - began < PROMISED
            assert (answer.status, json.loads(answer.body)["status"]) == (202, "kept")
        assert deliver(site, place, 7, key="key-7").status == 202  # a sender who lost the answer
        web = site.children["web"].process
        assert web is not None
        kill_group(web.pid)
        web.wait()
        assert standing(home / "spool")[0] > 0
        place.start()
    with serve(place.url, roles=("web",), LEADLOOP_SPOOL="true", LEADLOOP_HOME=str(home)) as site:
        until("what was kept is stored", lambda: not standing(home / "spool")[0], PATIENCE)
        again = deliver(site, place, 7, key="key-7")
        assert (again.status, json.loads(again.body)["status"]) == (202, "known")
    assert bodies() == [str(number) for number in range(30)]  # in their order
    come_to_rest(place.url)
    accounts.everything_adds_up()


def test_fault_20_after_a_restart_in_mid_request_health_turns_green_and_no_error_follows(
    place: Place, cast: Cast
) -> None:
    with serve(place.url, roles=("web",)) as site:
        cookie = {"Cookie": f"sessionid={site.cookie(cast.user['kim'])}"}
        assert ask(site, "/health").status == 200
        seen, stop = Counter[int](), threading.Event()

        def call() -> None:
            while not stop.is_set():
                seen[ask(site, "/worklist", **cookie).status] += 1

        callers = [threading.Thread(target=call, daemon=True) for _ in range(CALLERS)]
        for one in callers:
            one.start()
        until("pages are served", lambda: seen[200] > CALLERS, PATIENCE)
        place.stop()
        until("health is red", lambda: ask(site, "/health").status == 503, PATIENCE)
        away = ask(site, "/worklist", **cookie)
        assert (away.status, away.retry_after) == (503, "2")
        assert b"Nothing is lost" in away.body
        in_parts = ask(site, "/worklist", **cookie, **{"HX-Request": "true"})
        assert (in_parts.status, b"<html" in in_parts.body) == (503, False)
        assert json.loads(ask(site, "/health").body) == {"ok": False, "database": False}
        place.start()
        until("health is green", lambda: ask(site, "/health").status == 200, PATIENCE)
        stop.set()
        for one in callers:
            one.join(PATIENCE)
        assert set(seen) <= {200, 503}
        assert {ask(site, "/worklist", **cookie).status for _ in range(20)} == {200}
