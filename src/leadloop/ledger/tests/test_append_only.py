"""History can't be changed by the application's role, and a change by somebody stronger shows."""

from __future__ import annotations

import threading

import psycopg
import pytest
from django.db import connection

from leadloop.ledger.contracts import by_system
from leadloop.ledger.seals import broken_seals, seal
from leadloop.ledger.services import record
from leadloop.people.facts import PersonRemembered
from leadloop.platform.database.testing import TestCluster
from tests.support.cast import MONDAY


def remember(count: int) -> None:
    facts = [PersonRemembered(happened_at=MONDAY, person_id=n) for n in range(count)]
    record(facts, actor=by_system("test"))


def sealed(count: int) -> None:
    """Seal until so many facts are: any open transaction of the server holds sealing back, other tests' too."""
    pause, done = threading.Event(), 0
    while done < count:
        done += seal() or (pause.wait(0.05) and 0)
    assert done == count


@pytest.mark.parametrize(
    "statement",
    [
        "update ledger_event set actor = 'me'",
        "delete from ledger_event",
        "truncate ledger_event",
        "drop table ledger_event",
    ],
)
def test_the_application_may_only_add(fresh_db: str, statement: str) -> None:
    remember(1)
    with psycopg.connect(fresh_db) as session, pytest.raises(psycopg.errors.InsufficientPrivilege):
        session.execute(statement)


@pytest.mark.parametrize(
    "statement", ["update ledger_event set actor = 'me'", "delete from ledger_event", "truncate ledger_event"]
)
def test_even_the_owner_is_refused(fresh_db: str, cluster: TestCluster, statement: str) -> None:
    remember(1)
    owner = cluster.url("owner", psycopg.conninfo.conninfo_to_dict(fresh_db)["dbname"])
    with psycopg.connect(owner) as session, pytest.raises(psycopg.errors.InsufficientPrivilege):
        session.execute(statement)


def test_a_seal_shows_tampering_by_a_superuser(fresh_db: str, cluster: TestCluster) -> None:
    remember(3)
    sealed(3)
    remember(2)
    sealed(2)
    assert seal() == 0
    assert broken_seals() == []
    connection.close()
    admin = cluster.url("superuser", psycopg.conninfo.conninfo_to_dict(fresh_db)["dbname"])
    with psycopg.connect(admin) as session:
        session.execute("set session_replication_role = replica")
        session.execute("update ledger_event set actor = 'somebody else' where person_id = 0 and actor = 'system:test'")
    assert len(broken_seals()) == 2
