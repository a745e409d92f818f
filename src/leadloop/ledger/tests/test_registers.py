"""Registers keep their rows, and what points to them points to one of them: whoever writes, one row or thousands."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from django.apps import apps
from django.db import models

from leadloop.ledger.registers import points, stays
from leadloop.ledger.sql import fetch
from leadloop.platform.database.testing import TestCluster

OPERATIONS = (stays("colour"), points("thing", colour_id="colour", other_id="colour"))


@pytest.fixture
def owner(cluster: TestCluster, fresh_db: str) -> Iterator[psycopg.Connection]:
    """A session of the tables' owner, beside a register of colours and things that have one or two of them."""
    name = str(psycopg.conninfo.conninfo_to_dict(fresh_db)["dbname"])
    with psycopg.connect(cluster.url("owner", name), autocommit=True) as owner:
        owner.execute("create table colour (id bigint primary key, name text)")
        owner.execute("create table thing (id bigint primary key, colour_id bigint, other_id bigint, size int)")
        for operation in OPERATIONS:
            owner.execute(str(operation.sql))
        owner.execute("insert into colour select n, 'colour ' || n from generate_series(1, 5) n")
        yield owner


REFUSED = (
    ("delete from colour where id = 3", "its rows stay"),
    ("update colour set id = 9 where id = 3", "its rows stay"),
    ("truncate colour", "its rows stay"),
    ("insert into thing values (7, 6, null)", r"thing\.colour_id: there is no 6 in colour"),
    ("insert into thing values (7, null, 0)", r"thing\.other_id: there is no 0 in colour"),
    ("insert into thing select n, n % 6, 1 from generate_series(7, 5000) n", "there is no 0 in colour"),
    ("update thing set colour_id = 6 where id = 1", r"thing\.colour_id: there is no 6 in colour"),
    ("insert into thing values (1, 1, 1) on conflict (id) do update set other_id = 8", "there is no 8"),
)


def test_what_would_point_to_nothing_is_refused(owner: psycopg.Connection) -> None:
    owner.execute("insert into thing select n, 1 + n % 5, case when n > 2 then 3 end from generate_series(1, 6) n")
    before = owner.execute("select * from thing order by id").fetchall()
    for statement, why in REFUSED:
        with pytest.raises(psycopg.IntegrityError, match=why):
            owner.execute(statement)
    assert owner.execute("select * from thing order by id").fetchall() == before
    owner.execute("update thing set size = 4, colour_id = null, other_id = 5")
    owner.execute("update colour set name = 'red' where id = 3")
    owner.execute("delete from thing")


def test_it_can_be_taken_back_whole(owner: psycopg.Connection) -> None:
    for operation in reversed(OPERATIONS):
        owner.execute(str(operation.reverse_sql))
    owner.execute("insert into thing values (1, 9, 9, 1)")
    owner.execute("truncate colour")
    assert owner.execute("select proname from pg_proc where proname ~ '^(thing|colour)_'").fetchall() == []


def guarded() -> dict[str, str]:
    """The functions that look at new rows, by table."""
    found = fetch(
        "select t.tgrelid::regclass::text, p.prosrc from pg_trigger t join pg_proc p on p.oid = t.tgfoid"
        " where t.tgname = 'points_to_register' and t.tgenabled = 'O'"
    )
    return dict(found)


@pytest.mark.django_db
def test_every_key_is_kept_by_the_database() -> None:
    """By a constraint of PostgreSQL, or by looking up the register, which keeps its rows."""
    functions = guarded()
    keeping = {
        table for (table,) in fetch("select tgrelid::regclass::text from pg_trigger where tgname = 'register_stays'")
    }
    declared = set(
        fetch(
            "select c.conrelid::regclass::text, a.attname::text from pg_constraint c"
            "  join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1] where c.contype = 'f'"
        )
    )
    for model in apps.get_models():
        table = model._meta.db_table
        for field in model._meta.local_fields:
            if not isinstance(field, models.ForeignKey) or not model.__module__.startswith("leadloop."):
                continue
            register = field.related_model._meta.db_table
            if field.db_constraint:
                assert (table, field.column) in declared
            else:
                assert f"'{table}.{field.column}: there is no % in {register}'" in functions[table]
                assert register in keeping
                assert (table, field.column) not in declared
