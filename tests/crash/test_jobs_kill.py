"""A worker that is killed, or loses its database, leaves no job undone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from procrastinate.exceptions import AlreadyEnqueued
from psycopg.conninfo import conninfo_to_dict

from leadloop.capture.contracts import ImportRunRow
from leadloop.capture.imports import run as importing
from leadloop.capture.imports.contracts import Options
from leadloop.capture.queries import import_runs
from leadloop.kernel import clock
from leadloop.ledger.contracts import by_system
from leadloop.loop import files, imports, jobs, scheduler
from leadloop.loop.supervisor.child import Child, Plan
from leadloop.platform.database.testing import TestCluster
from tests.crash import accounts
from tests.crash.processes import kill
from tests.crash.waiting import until
from tests.stories.house import House, open_house
from tests.support.cast import Cast

pytestmark = [pytest.mark.crash, pytest.mark.xdist_group("crash")]

PATIENCE = 90
ROWS = 50


# Also being done by the killed worker, and due again meanwhile: such work may wait only once. At seven minutes past the
# hour the schedule itself has asked for it.
NONE_WAITING = "delete from procrastinate_jobs where queueing_lock = 'seal'"
ANOTHER_TWICE = """
with job (status, at) as (values ('doing', null), ('todo', now() + interval '1 day'))
insert into procrastinate_jobs (queue_name, task_name, queueing_lock, status, scheduled_at, worker_id)
select d.queue_name, 'leadloop.loop.scheduler.seal_ledger', 'seal', job.status::procrastinate_job_status, job.at,
       case when job.status = 'doing' then d.worker_id end
  from procrastinate_jobs d cross join job where d.task_name = 'bring-in' and d.status = 'doing'
"""


@pytest.fixture
def house(fresh_db: str, cast: Cast) -> House:
    return open_house(cast)


@contextmanager
def working(url: str) -> Iterator[Child]:
    """A worker of its own on a database."""
    environment = {"DATABASE_URL": url, "LEADLOOP_PROCESS": "worker", "LEADLOOP_LOG_LEVEL": "error"}
    child = Child(Plan("worker", "leadloop.loop.worker", environment=environment))
    child.tend()
    try:
        yield child
    finally:
        child.ask_to_stop()
        child.wait_stopped(10)


def ask_for_import(folder: Path, name: str) -> int:
    """What the upload page does: enter a run and leave the rest to a worker."""
    path = folder / f"{name}.csv"
    rows = "".join(f"{name} {_letters(n)},{name}.{n}@jobs.example\n" for n in range(ROWS))
    path.write_text(f"Name,E-mail\n{rows}")
    portal = imports.portal_named("trade-show")
    reading = imports.understand(path, portal, Options())
    run_id = importing.begin(reading=reading, portal=portal, actor=by_system("test"), now=clock.now())
    kept = files.new_name()
    files.place(kept).write_bytes(path.read_bytes())
    jobs.bring_in.defer(run_id=run_id, file=kept)
    return run_id


def _letters(number: int) -> str:
    return "".join(chr(97 + int(digit)) for digit in f"{number:03d}")


def run_of(run_id: int) -> ImportRunRow:
    (row,) = import_runs([run_id])
    return row


def job_states() -> list[str]:
    return [row[0] for row in accounts.ask("select status::text from procrastinate_jobs where task_name = 'bring-in'")]


def test_a_job_whose_worker_was_killed_is_taken_up_again(
    house: House, fresh_db: str, cluster: TestCluster, tmp_path: Path
) -> None:
    run_id = ask_for_import(tmp_path, "Nora")
    database = str(conninfo_to_dict(fresh_db)["dbname"])
    with psycopg.connect(cluster.url("superuser", database)) as other:
        other.execute("lock table capture_submission in exclusive mode")
        with working(fresh_db) as child:
            until("the job waits for the table", lambda: _is_waited_for(other), PATIENCE)
            assert child.process is not None
            kill(child.process.pid)
            child.process.wait()
    assert job_states() == ["doing"]
    with psycopg.connect(cluster.url("superuser", database)) as admin:  # two minutes later
        admin.execute("update procrastinate_workers set last_heartbeat = last_heartbeat - interval '2 minutes'")
        admin.execute(NONE_WAITING)
        admin.execute(ANOTHER_TWICE)
    with suppress(AlreadyEnqueued):
        scheduler.retry_stalled.defer(timestamp=0)  # the schedule asks for it every minute
    with working(fresh_db):
        until("the rows are stored", lambda: run_of(run_id).stored == ROWS, PATIENCE)
        until("the job is done", lambda: job_states() == [], PATIENCE)
    assert (run_of(run_id).state, run_of(run_id).known) == ("processing", 0)
    assert accounts.ask("select status::text from procrastinate_jobs where task_name ~ 'seal_ledger$'") == [("todo",)]


def _is_waited_for(holder: psycopg.Connection) -> bool:
    question = "select exists (select from pg_stat_activity where %s = any(pg_blocking_pids(pid)))"
    return bool(accounts.ask(question, holder.info.backend_pid)[0][0])


def test_jobs_go_on_when_the_database_has_dropped_every_connection(
    house: House, fresh_db: str, cluster: TestCluster, tmp_path: Path
) -> None:
    with working(fresh_db):
        for name in ("Mira", "Olga", "Paul"):
            run_id = ask_for_import(tmp_path, name)
            until(f"the rows of {name} are stored", lambda run_id=run_id: run_of(run_id).stored == ROWS, PATIENCE)
            _drop_connections(cluster, fresh_db)


def _drop_connections(cluster: TestCluster, url: str) -> None:
    """What a restart of the server does to everybody on it, but to us."""
    ours = accounts.ask("select pg_backend_pid()")[0][0]
    with psycopg.connect(cluster.url("superuser", "postgres")) as admin:
        admin.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s and pid <> %s",
            [conninfo_to_dict(url)["dbname"], ours],
        )
