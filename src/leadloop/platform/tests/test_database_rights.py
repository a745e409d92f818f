"""Roles, addresses, backup and restore, on one throwaway cluster."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from leadloop.kernel.errors import Invalid, NotFound, Unavailable
from leadloop.platform.config import Config
from leadloop.platform.database import backup, roles, testing, urls
from leadloop.platform.database.testing import TestCluster
from leadloop.platform.database.urls import Addresses

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "LEADLOOP_DATABASE_URL", "LEADLOOP_DATABASE_OWNER_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def cluster() -> Iterator[TestCluster]:
    with TestCluster() as running:
        yield running


def fill(owner_url: str) -> None:
    with psycopg.connect(owner_url) as owner:
        owner.execute("CREATE TABLE person (id bigint GENERATED ALWAYS AS IDENTITY, email text UNIQUE)")
        owner.execute("CREATE TABLE fact (id bigint GENERATED ALWAYS AS IDENTITY, kind text)")
        owner.execute(f"REVOKE UPDATE, DELETE ON fact FROM {roles.APP}")
        owner.execute("INSERT INTO person (email) VALUES ('ann@example.com'), ('bob@example.com')")


@pytest.fixture(scope="module")
def unchanged(cluster: TestCluster) -> Addresses:
    """A database with one table of people, for tests that leave it as it is."""
    cluster.create_database("unchanged")
    fill(cluster.url("owner", "unchanged"))
    return urls.of_cluster(cluster.cluster, "unchanged")


@pytest.fixture
def shop(cluster: TestCluster) -> Iterator[Addresses]:
    """The same, for one test alone."""
    name = f"shop_{uuid4().hex[:8]}"
    cluster.create_database(name)
    fill(cluster.url("owner", name))
    yield urls.of_cluster(cluster.cluster, name)
    cluster.drop_database(name)


def emails(shop: Addresses) -> list[str]:
    with psycopg.connect(shop.app) as app:
        return [row[0] for row in app.execute("SELECT email FROM person ORDER BY email")]


def add(shop: Addresses, email: str) -> None:
    with psycopg.connect(shop.app) as app:
        app.execute("INSERT INTO person (email) VALUES (%s)", [email])


def test_the_application_reads_and_writes_rows(shop: Addresses):
    with psycopg.connect(shop.app) as app:
        app.execute("INSERT INTO person (email) VALUES ('cy@example.com')")
        app.execute("UPDATE person SET email = 'cyd@example.com' WHERE email = 'cy@example.com'")
        app.execute("DELETE FROM person WHERE email = 'ann@example.com'")
        app.execute("CREATE TEMPORARY TABLE batch (id bigint)")
    assert emails(shop) == ["bob@example.com", "cyd@example.com"]


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE person",
        "ALTER TABLE person ADD COLUMN extra text",
        "ALTER TABLE person DISABLE TRIGGER ALL",
        "DROP TABLE person",
        "CREATE TABLE mine (id bigint)",
        "CREATE SCHEMA mine",
        "UPDATE fact SET kind = 'other'",
        "DELETE FROM fact",
        f"SET ROLE {roles.OWNER}",
        "SET session_replication_role = replica",
        f"GRANT ALL ON person TO {roles.APP}",
        "SELECT pg_read_file('/etc/passwd')",
        "COPY person TO PROGRAM 'true'",
    ],
)
def test_the_application_owns_nothing(unchanged: Addresses, statement: str):
    with psycopg.connect(unchanged.app) as app:
        if statement.startswith("GRANT"):  # PostgreSQL only warns here; what counts is that nothing was given
            app.execute(statement)
            assert app.execute("SELECT has_table_privilege('person', 'TRUNCATE')").fetchone() == (False,)
            return
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute(statement)


def test_preparing_again_changes_nothing_and_gives_back_no_right_that_was_taken(
    cluster: TestCluster, unchanged: Addresses
):
    name = psycopg.conninfo.conninfo_to_dict(unchanged.owner)["dbname"]
    roles.prepare(cluster.cluster, str(name))
    with psycopg.connect(unchanged.app) as app:
        question = "SELECT has_table_privilege('fact', 'INSERT'), has_table_privilege('fact', 'UPDATE')"
        assert app.execute(question).fetchone() == (True, False)
    assert emails(unchanged) == ["ann@example.com", "bob@example.com"]


def test_text_sorts_and_folds_the_same_on_every_system(unchanged: Addresses):
    with psycopg.connect(unchanged.app) as app:
        question = (
            "SELECT datlocprovider, datlocale, pg_encoding_to_char(encoding), lower('ÄÖ'), unaccent('é'), 'ab' % 'abc'"
            " FROM pg_database WHERE datname = current_database()"
        )
        assert app.execute(question).fetchone() == ("b", "C.UTF-8", "UTF8", "äö", "e", True)


def test_a_forgotten_transaction_and_a_long_wait_for_a_lock_end_by_themselves(unchanged: Addresses):
    with psycopg.connect(unchanged.app) as app:
        shown = [
            app.execute(f"SHOW {name}").fetchone() for name in ("idle_in_transaction_session_timeout", "lock_timeout")
        ]
    assert shown == [("30s",), ("10s",)]


def test_every_role_can_tell_one_server_from_another(cluster: TestCluster, unchanged: Addresses):
    with psycopg.connect(unchanged.app) as app, psycopg.connect(unchanged.owner) as owner:
        assert roles.system_identifier(app) == roles.system_identifier(owner) > 0


def test_outsiders_can_not_enter_the_database(cluster: TestCluster, unchanged: Addresses):
    with psycopg.connect(cluster.url("superuser", "postgres"), autocommit=True) as admin:
        admin.execute("DROP ROLE IF EXISTS outsider")
        admin.execute("CREATE ROLE outsider LOGIN PASSWORD 'outsider'")
    place = {**psycopg.conninfo.conninfo_to_dict(unchanged.app), "user": "outsider", "password": "outsider"}
    with pytest.raises(psycopg.OperationalError, match="CONNECT"):
        psycopg.connect(**place)


def test_errors_leave_nobodys_address_in_the_log(cluster: TestCluster, unchanged: Addresses):
    with pytest.raises(psycopg.errors.UniqueViolation):
        add(unchanged, "ann@example.com")
    with psycopg.connect(unchanged.app) as app, pytest.raises(psycopg.errors.InvalidTextRepresentation):
        app.execute("SELECT 'ann@example.com'::int")
    log = cluster.cluster.place.log.read_text()
    assert "ready to accept connections" in log
    assert "ann@" not in log


def test_backup_and_restore_bring_back_that_day_and_keep_the_replaced_database(
    cluster: TestCluster, shop: Addresses, tmp_path: Path
):
    file, seen = tmp_path / "yesterday.backup", []
    backup.backup(file, progress=seen.append, source=shop)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["yesterday.backup"]
    assert sorted(seen) == ["public.fact", "public.person"]
    add(shop, "late@example.com")
    at_work = psycopg.connect(shop.app)
    at_work.execute("SELECT 1")
    aside = backup.restore(file, now=NOW, after_restore=_hold, progress=seen.append, target=shop)
    with pytest.raises(psycopg.OperationalError):  # ended, not waited for
        at_work.execute("SELECT 1")
    assert emails(shop) == ["ann@example.com", "bob@example.com", "held@example.com"]
    with psycopg.connect(shop.app) as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute("DELETE FROM fact")
    add(shop, "new@example.com")
    assert aside.endswith("_before_20261120_093000")
    assert backup.kept_aside(shop) == [aside]
    with psycopg.connect(cluster.url("owner", aside)) as old:
        assert old.execute("SELECT count(*) FROM person WHERE email = 'late@example.com'").fetchone() == (1,)
    backup.discard(aside, shop)
    assert backup.kept_aside(shop) == []
    with pytest.raises(NotFound):
        backup.discard("postgres", shop)


def test_a_restore_that_fails_leaves_the_running_database_as_it_was(
    cluster: TestCluster, shop: Addresses, tmp_path: Path
):
    file = tmp_path / "whole.backup"
    backup.backup(file, source=shop)
    cut = tmp_path / "cut.backup"
    cut.write_bytes(file.read_bytes()[:-200])
    with pytest.raises(Unavailable, match="pg_restore failed"):
        backup.restore(cut, now=NOW, after_restore=_hold, target=shop)
    with pytest.raises(ZeroDivisionError):
        backup.restore(file, now=NOW, after_restore=lambda _: 1 // 0, target=shop)
    (tmp_path / "letter.txt").write_text("Dear Ann")
    with pytest.raises(Invalid, match="not a backup"):
        backup.restore(tmp_path / "letter.txt", now=NOW, after_restore=_hold, target=shop)
    with pytest.raises(NotFound):
        backup.restore(tmp_path / "absent", now=NOW, after_restore=_hold, target=shop)
    assert emails(shop) == ["ann@example.com", "bob@example.com"]
    with psycopg.connect(shop.admin) as admin:
        question = "SELECT count(*) FROM pg_database WHERE starts_with(datname, %s)"
        assert admin.execute(question, [psycopg.conninfo.conninfo_to_dict(shop.app)["dbname"]]).fetchone() == (1,)


def test_a_backup_that_fails_leaves_no_file(unchanged: Addresses, tmp_path: Path):
    wrong = Addresses(unchanged.app, unchanged.owner.replace("/unchanged", "/no_such"), unchanged.admin, embedded=True)
    with pytest.raises(Unavailable, match="does not exist"):
        backup.backup(tmp_path / "b", source=wrong)
    assert list(tmp_path.iterdir()) == []


def test_a_database_of_the_operators_is_adopted_backed_up_and_restored_with_its_own_roles(
    cluster: TestCluster, tmp_path: Path
):
    """The cluster stands in for a server elsewhere, whose owner may make databases but is no superuser."""
    with psycopg.connect(cluster.url("superuser", "postgres"), autocommit=True) as admin:
        admin.execute("DROP DATABASE IF EXISTS theirs WITH (FORCE)")
        for role, right in (("chief", "CREATEDB"), ("clerk", "NOCREATEDB")):
            if not admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                admin.execute(f"CREATE ROLE {role} LOGIN {right} PASSWORD 'known'")
        admin.execute("GRANT clerk TO chief")
        admin.execute("CREATE DATABASE theirs OWNER chief")
    parts = psycopg.conninfo.conninfo_to_dict(cluster.url("owner", "theirs"))
    place = f"@/theirs?host={parts['host']}&port={parts['port']}".replace("host=/", "host=%2F")
    config = Config(
        database_url=f"postgresql://clerk:known{place}", database_owner_url=f"postgresql://chief:known{place}"
    )
    theirs = urls.addresses(config)
    roles.adopt(theirs.owner, theirs.app)
    with psycopg.connect(theirs.owner) as owner:
        owner.execute("CREATE TABLE person (email text)")
    add(theirs, "ann@example.com")
    backup.backup(tmp_path / "b", source=theirs)
    add(theirs, "late@example.com")
    aside = backup.restore(tmp_path / "b", now=NOW, after_restore=_hold, target=theirs)
    assert emails(theirs) == ["ann@example.com", "held@example.com"]
    backup.discard(aside, theirs)
    add(theirs, "new@example.com")


def test_django_gets_the_same_address_as_psycopg(cluster: TestCluster, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(urls, "load", lambda: Config(home=cluster.home))
    settings = urls.django_settings("app")
    with psycopg.connect(urls.url("app")) as app:
        assert (app.info.user, app.info.dbname) == (settings["USER"], settings["NAME"])
        assert (app.info.host, app.info.password) == (settings["HOST"], settings["PASSWORD"])
    assert settings["ENGINE"] == "django.db.backends.postgresql"
    assert urls.django_settings("owner")["USER"] == roles.OWNER


def test_settings_can_be_read_before_the_database_is_set_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(urls, "load", lambda: Config(home=tmp_path / "home"))
    assert urls.django_settings("app")["PASSWORD"] == ""
    with pytest.raises(Unavailable, match="not set up"):
        urls.url("app")
    assert not (tmp_path / "home").exists()


def test_an_external_database_keeps_its_own_address_and_options():
    one = urls.addresses(Config(database_url="postgresql://u:p%40@db.example.com:6432/shop?sslmode=require"))
    assert one.owner == one.app
    assert not one.embedded
    two = urls.addresses(Config(database_url="postgresql://app@db/shop", database_owner_url="postgresql://own@db/shop"))
    assert (two.app, two.owner) == ("postgresql://app@db/shop", "postgresql://own@db/shop")


def test_a_template_is_built_once_and_copied_for_each(cluster: TestCluster):
    built = []

    def build(url: str) -> None:
        built.append(url)
        with psycopg.connect(url) as owner:
            owner.execute("CREATE TABLE person (email text)")

    for copy in ("copy_one", "copy_two"):
        cluster.create_database(copy, cluster.template("tested", build))
        with psycopg.connect(cluster.url("app", copy)) as app:
            app.execute("INSERT INTO person VALUES ('ann@example.com')")
    assert len(built) == 1


def test_a_test_run_shares_one_cluster(cluster: TestCluster, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(testing.VARIABLE, str(cluster.home))
    joined = testing.shared.__wrapped__()
    assert joined.url("owner") == cluster.url("owner")
    with psycopg.connect(joined.url("app")) as app:
        assert app.execute("SELECT 1").fetchone() == (1,)


def _hold(connection: roles.Connection) -> None:
    connection.execute("INSERT INTO person (email) VALUES ('held@example.com')")
