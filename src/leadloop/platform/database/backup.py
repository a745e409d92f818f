"""Backup to one file, and restore by exchange.

Guarantee: a backup file is complete or absent. A restore builds a fresh database first; the running one is
replaced in one step when the fresh one is complete, and kept aside under another name. Until the new
database is live, ``after_restore`` has had its say in it: that is where sending is held.

Cases: a restore that fails or is killed leaves the running database as it was; its remains go with the next restore.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections import deque
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from leadloop.kernel.errors import Invalid, NotFound, Unavailable
from leadloop.platform.config import load
from leadloop.platform.database import roles
from leadloop.platform.database.binaries import Binaries, find, find_tools
from leadloop.platform.database.run import clean_environment
from leadloop.platform.database.urls import Addresses, addresses

Progress = Callable[[str], None]
Hook = Callable[[roles.Connection], None]
FRESH, ASIDE = "_restoring", "_before_"
TABLE = re.compile(r'(?:dumping contents of|processing data for) table "([^"]+)"')
MAGIC = b"PGDMP"


def backup(path: Path, *, progress: Progress | None = None, source: Addresses | None = None) -> None:
    """Write a consistent copy of the database to ``path`` (mode 0600) while work goes on.

    ``progress`` is called with the name of each table as it is reached. Unavailable when it can't be written.
    """
    source = source or addresses()
    partial = path.with_name(f"{path.name}.partial")
    os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    try:
        _run(source, "pg_dump", source.owner, ["--format=custom", f"--file={partial}"], progress)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def restore(
    path: Path,
    *,
    now: datetime,
    after_restore: Hook,
    progress: Progress | None = None,
    target: Addresses | None = None,
    keep_grants: bool | None = None,
) -> str:
    """Replace the database by the one in ``path``; return the name under which the replaced one is kept.

    All sessions on it are ended. ``keep_grants`` takes over the rights on tables as backed up, which needs
    the same role names: by default for the built-in database only; else the application's role gets rights
    on all tables.
    """
    _check(path)
    target = target or addresses()
    keep = target.embedded if keep_grants is None else keep_grants
    name = str(conninfo_to_dict(target.owner)["dbname"])
    fresh, aside = name + FRESH, f"{name}{ASIDE}{now:%Y%m%d_%H%M%S}"
    inside = make_conninfo(target.owner, dbname=fresh)
    with psycopg.connect(target.admin, autocommit=True) as admin:
        _drop(admin, fresh)
        try:
            _create(admin, fresh, embedded=target.embedded)
            options = [
                "--exit-on-error",
                "--no-owner",
                "--jobs=2",
                *([] if keep else ["--no-privileges"]),
                str(path),
            ]
            _run(target, "pg_restore", inside, options, progress)
            _finish(inside, None if keep else target.app, after_restore)
            _exchange(admin, name, fresh, aside)
        except BaseException:
            _drop(admin, fresh)
            raise
    return aside


def kept_aside(target: Addresses | None = None) -> list[str]:
    """Return the names of the databases that restores have replaced, oldest first."""
    target = target or addresses()
    name = str(conninfo_to_dict(target.owner)["dbname"])
    with psycopg.connect(target.admin) as admin:
        question = "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY datname"
        return [row[0] for row in admin.execute(question, [name + ASIDE])]


def discard(database: str, target: Addresses | None = None) -> None:
    """Remove a database that a restore has replaced; NotFound for any other name."""
    target = target or addresses()
    if database not in kept_aside(target):
        raise NotFound(f"There is no replaced database {database}.", field="database")
    with psycopg.connect(target.admin, autocommit=True) as admin:
        _drop(admin, database)


def _check(path: Path) -> None:
    try:
        with path.open("rb") as file:
            start = file.read(len(MAGIC))
    except OSError as wrong:
        raise NotFound(f"The backup {path} can't be read: {wrong.strerror}.", field="path") from wrong
    if start != MAGIC:
        raise Invalid(f"{path} is not a backup.", field="path", mend="Choose a file made by leadloop backup.")


def _create(admin: roles.Connection, name: str, *, embedded: bool) -> None:
    if embedded:
        roles.create_database(admin, name)
    else:
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))


def _finish(inside: str, app_url: str | None, after_restore: Hook) -> None:
    """Give rights where the backup's were not taken over, let the hook write, and gather statistics."""
    with psycopg.connect(inside) as connection:
        app = conninfo_to_dict(app_url).get("user") if app_url else None
        if app and app != connection.info.user:
            roles.grant_all(connection, str(app))
        after_restore(connection)
        connection.commit()
        connection.autocommit = True
        connection.execute("ANALYZE")


def _exchange(admin: roles.Connection, name: str, fresh: str, aside: str) -> None:
    """Put ``fresh`` in the place of ``name`` in one transaction, with nobody inside."""
    current = sql.Identifier(name)
    admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(current))
    try:
        ended = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = ANY(%s)"
        admin.execute(ended, [[name, fresh]])
        with admin.transaction():
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            admin.execute(rename.format(current, sql.Identifier(aside)))
            admin.execute(rename.format(sql.Identifier(fresh), current))
            admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(sql.Identifier(aside)))
    finally:
        admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(current))


def _drop(admin: roles.Connection, name: str) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _tools(place: Addresses) -> Binaries:
    if place.embedded:
        return find(load().pg_bin)
    with psycopg.connect(place.owner) as connection:
        server, encrypted = connection.info.server_version // 10_000, bool(connection.pgconn.ssl_in_use)
    return find_tools(load().pg_bin, server=server, encrypted=encrypted)


def _run(place: Addresses, name: str, url: str, options: list[str], progress: Progress | None) -> None:
    """Run pg_dump or pg_restore; the password goes by the environment: others can read command lines."""
    parts: dict[str, Any] = conninfo_to_dict(url)
    secret = {"PGPASSWORD": str(parts.pop("password"))} if parts.get("password") else {}
    command = [
        _tools(place).program(name),
        "--verbose",
        "--no-password",
        f"--dbname={make_conninfo('', **parts)}",
        *options,
    ]
    last: deque[str] = deque(maxlen=8)
    with subprocess.Popen(  # noqa: S603 - PostgreSQL's own program, no shell
        command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=clean_environment(**secret)
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            last.append(line.strip())
            if progress and (found := TABLE.search(line)):
                progress(found[1])
    if process.returncode != 0:
        wrong = [line for line in last if "error" in line] or list(last)
        raise Unavailable(f"{name} failed: {' '.join(wrong)}", mend="Mend this and try again; nothing was changed.")
