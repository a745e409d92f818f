"""Lives of the database. After a restore on another server transaction ids start anew and would hide new facts."""

from __future__ import annotations

import psycopg

_IDENTIFIER = "select system_identifier::text from pg_control_system()"


def begin_epoch(owner: psycopg.Connection) -> int:
    """Compare the server with the one the ledger knows, and begin a new epoch where it differs.

    Needs a connection of the owner's role: the number stands as the column's default, so that writing a fact costs
    nothing more. Returns the epoch in force. Run at every start, before anything writes.
    """
    with owner.transaction(), owner.cursor() as cursor:
        cursor.execute("lock table ledger_epoch in share row exclusive mode")
        identifier = _system_identifier(cursor)
        row = cursor.execute(
            "select number, system_identifier from ledger_epoch order by number desc limit 1"
        ).fetchone()
        if row and row[1] == identifier:
            return int(row[0])
        number = int(row[0]) + 1 if row else 1
        cursor.execute("insert into ledger_epoch (number, system_identifier) values (%s, %s)", [number, identifier])
        cursor.execute(
            psycopg.sql.SQL("alter table ledger_event alter column epoch set default {}").format(
                psycopg.sql.Literal(number)
            )
        )
        return number


def _system_identifier(cursor: psycopg.Cursor) -> str:
    row = cursor.execute(_IDENTIFIER).fetchone()
    assert row is not None
    return str(row[0])
