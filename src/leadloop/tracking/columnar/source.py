"""PostgreSQL's side of a refresh: one snapshot, what is new in it, and rows of the facets, as CSV without detours."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction
from psycopg import sql

from leadloop.kernel.errors import Conflict
from leadloop.kernel.values import dataclass
from leadloop.ledger.facts import kinds
from leadloop.tracking.columnar.tables import EVENT, Column, Kind, Table

LOCK = "tracking.columnar"
ROWS_PER_FILE = 1_000_000  # what is worked on in one go, so that memory does not grow with the ledger

_STANDS = """
select pg_current_snapshot()::text, now(),
       (select system_identifier || '/' || number from ledger_epoch order by number desc limit 1)
       || '/' || (select oid from pg_database where datname = current_database())
"""
# One index scan per kind and lane, as the pump reads: there is no index over the transaction alone.
_NEW = """(
select e.* from unnest({kinds}::text[]) as k (kind)
 cross join (values (0::smallint), (1::smallint)) as l (lane)
 cross join lateral (
       select * from ledger_event e
        where e.kind = k.kind and e.lane = l.lane and e.epoch = (select max(number) from ledger_epoch)
          and e.xid >= pg_snapshot_xmin({done}::pg_snapshot)
          and not pg_visible_in_snapshot(e.xid, {done}::pg_snapshot)) e) as v"""


@dataclass(frozen=True, slots=True)
class Stand:
    """The moment a refresh reads: its snapshot, and which life of which database this is."""

    snapshot: str
    as_of: datetime
    database: str


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of a table as CSV, with their number and sums as PostgreSQL tells them."""

    files: tuple[Path, ...]
    rows: int
    sums: dict[str, int]


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold the lock of refreshing; Conflict when somebody else refreshes."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(hashtext(%s))", [LOCK])
        if not cursor.fetchone()[0]:
            raise Conflict("The columnar copy is being refreshed", mend="Wait a moment")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(hashtext(%s))", [LOCK])


@contextmanager
def reading() -> Iterator[Stand]:
    """One snapshot for everything that is read inside."""
    with transaction.atomic(), connection.cursor() as cursor:
        if not connection.savepoint_ids:  # a test that rolls back is inside a transaction of its own
            cursor.execute("set transaction isolation level repeatable read")
        # What was read is written to disk in between, which takes minutes where millions of facts are copied first.
        cursor.execute("set local idle_in_transaction_session_timeout to 0")
        cursor.execute(_STANDS)
        snapshot, as_of, database = cursor.fetchone()
        yield Stand(snapshot, as_of, database)


def new_events(done: str | None, folder: Path) -> Part:
    """Facts that are not visible in the snapshot `done`; all there are where it is None."""
    source = (
        sql.SQL("ledger_event as v")
        if done is None
        else sql.SQL(_NEW).format(kinds=sql.Literal(list(kinds())), done=sql.Literal(done))
    )
    return _copy(EVENT, source, folder)


def rows_of(table: Table, subjects: Collection[int] | None, folder: Path) -> Part:
    """Rows of the table for these subjects; all of them where it is None."""
    source = sql.SQL("{} as v").format(sql.Identifier(table.view))
    if subjects is not None:
        ids = sql.Literal("{" + ",".join(map(str, subjects)) + "}")
        source += sql.SQL(" where v.{} = any({}::bigint[])").format(sql.Identifier(str(table.subject)), ids)
    return _copy(table, source, folder)


def total(table: Table) -> tuple[int, dict[str, int]]:
    """Number and sums of everything the table has now."""
    return _sums(table, sql.SQL("{} as v").format(sql.Identifier(table.view)))


def leads_of(persons: Collection[int]) -> set[int]:
    """The leads of these persons, as they stand now."""
    with connection.cursor() as cursor:
        cursor.execute("select lead_id from leads_facet_lead where person_id = any(%s)", [list(persons)])
        return {row[0] for row in cursor.fetchall()}


def people_of(companies: Collection[int]) -> set[int]:
    """The people of these companies, as they stand now."""
    with connection.cursor() as cursor:
        cursor.execute("select person_id from people_facet_person where company_id = any(%s)", [list(companies)])
        return {row[0] for row in cursor.fetchall()}


def _copy(table: Table, source: sql.Composable, folder: Path) -> Part:
    rows, sums = _sums(table, source)
    statement = sql.SQL("copy (select {} from {}) to stdout (format csv, null '\\N')").format(
        sql.SQL(", ").join(map(_read, table.columns)), source
    )
    return Part(tuple(_write(statement, folder, table.name)) if rows else (), rows, sums)


def _write(statement: sql.Composable, folder: Path, name: str) -> Iterator[Path]:
    """Write what COPY gives, a new file every so many rows."""
    with connection.cursor() as cursor, cursor.cursor.copy(statement) as copy:
        rows = iter(copy)
        number = 0
        while (first := next(rows, None)) is not None:
            path = folder / f"{name}-{number}.csv"
            with path.open("wb") as file:
                file.write(first)
                for _ in range(ROWS_PER_FILE - 1):
                    if (row := next(rows, None)) is None:
                        break
                    file.write(row)
            yield path
            number += 1


def _sums(table: Table, source: sql.Composable) -> tuple[int, dict[str, int]]:
    summed = sql.SQL("").join(sql.SQL(", coalesce(sum(v.{}), 0)").format(sql.Identifier(one)) for one in table.summed)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("select count(*){} from {}").format(summed, source))
        count, *values = cursor.fetchone()
    return count, {name: int(value) for name, value in zip(table.summed, values, strict=True)}


def _read(column: Column) -> sql.Composable:
    if column.sql:
        return sql.SQL(column.sql)
    name = sql.Identifier(column.name)
    if column.kind is Kind.MOMENT:
        return sql.SQL("v.{} at time zone 'UTC'").format(name)
    return sql.SQL("v.{}").format(name)
