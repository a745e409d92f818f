"""A pump that is killed in the middle of a batch loses nothing and doubles nothing; nor do two pumps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from leadloop.kernel import clock
from leadloop.ledger.contracts import Lane
from leadloop.ledger.epochs import begin_epoch
from leadloop.loop import intake
from leadloop.loop.supervisor.child import Child, Plan
from leadloop.platform.database.backup import backup, restore
from leadloop.platform.database.testing import TestCluster
from leadloop.platform.database.urls import Addresses, of_cluster
from tests.crash import accounts
from tests.crash.processes import kill
from tests.crash.waiting import until
from tests.stories.house import House, open_house
from tests.support.cast import Cast
from tests.support.plugin import point_at

pytestmark = [pytest.mark.crash, pytest.mark.xdist_group("crash")]

INQUIRIES = 120
PATIENCE = 120
# Where a batch is when it is killed: on its way to this table, with everything before it written and not committed.
INTAKE = (
    "identity_matchkey", "leads_lead", "capture_inquiry", "qualification_assessment", "distribution_assignment",
)  # fmt: skip
STEPS = (*INTAKE, "outreach_message", "ledger_subscription")


@pytest.fixture
def house(fresh_db: str, cast: Cast) -> House:
    return open_house(cast)


@contextmanager
def pumping(url: str, *lanes: str) -> Iterator[list[Child]]:
    """Pumps of their own for these lanes, on a database."""
    environment = {"DATABASE_URL": url, "LEADLOOP_PROCESS": "pump", "LEADLOOP_LOG_LEVEL": "error"}
    children = [Child(Plan(f"pump-{lane}", "leadloop.loop.pump", (lane,), environment)) for lane in lanes]
    try:
        for child in children:
            child.tend()
        yield children
    finally:
        for child in children:
            child.ask_to_stop()
        for child in children:
            child.wait_stopped(10)


def raise_hands(house: House, count: int, *, start: int = 0) -> None:
    """Inquirers, a third of them ready to buy; every sixth is an earlier one again, every fortieth can't be read."""
    for number in range(start, start + count):
        who = number - 3 if number % 6 == 5 else number
        said = {"name": f"Cleo {_letters(who)}", "email": f"cleo.{who}@crash-{who % 40}.example"}
        if number % 3 == 0:
            said |= {
                "company": f"Crash {_letters(who % 40)} GmbH",
                "title": "Head of Operations",
                "phone": "+49 30 5550123",
            }
            said |= {"budget": "40,000", "timing": "this quarter"}
        house.inquire(**(said if number % 40 != 7 else {"note": "nobody can answer"}))


def _letters(number: int) -> str:
    return "".join(chr(97 + int(digit)) for digit in f"{number:04d}")


def at_rest() -> bool:
    return not accounts.waiting() and not accounts.behind()


def come_to_rest(url: str) -> None:
    with pumping(url, "live"):
        until("the pump has done everything", at_rest, PATIENCE)


def test_killed_in_the_middle_of_a_batch_at_every_step(house: House, fresh_db: str, cluster: TestCluster) -> None:
    raise_hands(house, INQUIRIES)
    name = str(conninfo_to_dict(fresh_db)["dbname"])
    for table in STEPS:
        with psycopg.connect(cluster.url("superuser", name)) as holder:
            holder.execute(f"lock table {table} in exclusive mode")
            with pumping(fresh_db, "live") as (child,):
                until(f"the pump waits for {table}", lambda holder=holder: _is_waited_for(fresh_db, holder), PATIENCE)
                assert child.process is not None
                kill(child.process.pid)
        until("the database has noticed", lambda: not _sessions(cluster, name), PATIENCE)
        assert accounts.waiting() == (INQUIRIES if table in INTAKE else 0)
    come_to_rest(fresh_db)
    accounts.everything_adds_up()
    ((inquiries, settled),) = accounts.ask(
        "select (select count(*) from capture_inquiry),"
        " (select count(*) from capture_submission where state <> 'received')"
    )
    assert (inquiries, settled) == (INQUIRIES - 3, INQUIRIES)
    assert accounts.ask("select occasion from outreach_message group by occasion having count(*) > 1") == []


def _is_waited_for(url: str, holder: psycopg.Connection) -> bool:
    question = "select exists (select from pg_stat_activity where %s = any(pg_blocking_pids(pid)))"
    return bool(accounts.ask(question, holder.info.backend_pid)[0][0])


def _sessions(cluster: TestCluster, name: str) -> int:
    """Sessions of killed pumps that the server still keeps."""
    question = "select count(*) from pg_stat_activity where datname = %s and usename = 'leadloop_app' and pid <> %s"
    ours = accounts.ask("select pg_backend_pid()")[0][0]
    with psycopg.connect(cluster.url("superuser", "postgres")) as admin:
        row = admin.execute(question, [name, ours]).fetchone()
        return int(row[0]) if row else 0


def test_two_pumps_share_the_work_and_double_nothing(house: House, fresh_db: str) -> None:
    with pumping(fresh_db, "live", "live", "bulk"):
        for start in range(0, 3 * INQUIRIES, INQUIRIES):
            raise_hands(house, INQUIRIES, start=start)
        until("the pumps have done everything", at_rest, PATIENCE)
    accounts.everything_adds_up()


def test_after_a_restore_on_another_server_the_pump_goes_on(
    house: House, fresh_db: str, cluster: TestCluster, tmp_path: Path
) -> None:
    raise_hands(house, 30)
    come_to_rest(fresh_db)
    raise_hands(house, 20, start=30)
    with clock.at(house.now):
        intake.take(Lane.LIVE, limit=10)  # read, and no route has acted on them
    file = tmp_path / "copy.leadloop"
    backup(file, source=_addresses(cluster, str(conninfo_to_dict(fresh_db)["dbname"])))
    with TestCluster() as elsewhere:
        target = of_cluster(elsewhere.cluster)
        restore(file, now=clock.now(), after_restore=_begin_epoch, target=target)
        point_at(target.app)
        raise_hands(house, 20, start=50)
        come_to_rest(target.app)
        accounts.everything_adds_up()
        assert accounts.ask("select count(*), max(epoch) from ledger_event where kind = 'inquiry.received'") == [
            (68, 2)
        ]
        point_at(fresh_db)


def _begin_epoch(owner: psycopg.Connection) -> None:
    begin_epoch(owner)


def _addresses(cluster: TestCluster, name: str) -> Addresses:
    admin = cluster.url("superuser", "postgres")
    return Addresses(cluster.url("app", name), cluster.url("owner", name), admin, embedded=True)
