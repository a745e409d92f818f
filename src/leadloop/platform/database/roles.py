"""Who may do what in the database.

``leadloop_owner`` owns database and tables and runs migrations. ``leadloop_app`` is the application: it
reads and writes rows, but owns nothing, so it can't change tables, disable triggers or truncate. Rights on
tables follow from default privileges, so a migration needs to grant nothing; what a migration revokes (on
the ledger, say) stays revoked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import sql

from leadloop.kernel.errors import Refused
from leadloop.platform.database.cluster import DATABASE, SUPERUSER, Cluster

OWNER = "leadloop_owner"
APP = "leadloop_app"
EXTENSIONS = ("btree_gin", "pg_trgm", "unaccent")
OLDEST = 150_000  # server_version: the first where ordinary roles can't create in schema public
LIMITS: Mapping[str, Mapping[str, str]] = {
    OWNER: {"lock_timeout": "30s"},
    APP: {"lock_timeout": "10s", "idle_in_transaction_session_timeout": "30s"},
}
DEFAULTS = (
    "ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO {app}",
    "ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}",
    "ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO {app}",
)
Connection = psycopg.Connection[tuple[Any, ...]]


def prepare(cluster: Cluster, database: str = DATABASE) -> None:
    """Make or mend roles, database, extensions and rights. To be called at every start; changes no data."""
    with psycopg.connect(cluster.url(SUPERUSER, "postgres"), autocommit=True) as connection:
        with connection.transaction():
            # A password of 48 random bytes can't be guessed, so stretching it would only slow each connection
            # (8 ms against 2.5 ms).
            connection.execute("SET LOCAL scram_iterations = 1")
            for role, limits in LIMITS.items():
                _make_role(connection, role, cluster.password(role), limits)
        create_database(connection, database)
    with psycopg.connect(cluster.url(OWNER, database)) as connection:
        settle(connection, APP)


def create_database(connection: Connection, name: str, *, template: str = "template0") -> None:
    """Make a database of the owner that only owner and application may enter; keeps one that exists.

    Needs an autocommit connection of the superuser.
    """
    names = {"name": sql.Identifier(name), "template": sql.Identifier(template)}
    names |= {"owner": sql.Identifier(OWNER), "app": sql.Identifier(APP)}
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        locale = "ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'"
        _run(connection, f"CREATE DATABASE {{name}} OWNER {{owner}} TEMPLATE {{template}} {locale}", names)
    _run(connection, "REVOKE ALL ON DATABASE {name} FROM PUBLIC", names)
    _run(connection, "GRANT CONNECT, TEMPORARY ON DATABASE {name} TO {app}", names)
    _run(connection, "ALTER DATABASE {name} ALLOW_CONNECTIONS true", names)  # a killed restore may leave it shut


def settle(connection: Connection, app: str) -> None:
    """As the owner: bring in the extensions and give ``app`` its rights on all tables to come."""
    for extension in EXTENSIONS:
        try:
            _run(connection, "CREATE EXTENSION IF NOT EXISTS {name}", {"name": sql.Identifier(extension)})
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.FeatureNotSupported) as wrong:
            raise Refused(
                f"The database lacks the extension {extension}, and the owner may not add it.",
                mend=f"Have an administrator run: CREATE EXTENSION {extension};",
            ) from wrong
    if app != connection.info.user:
        for statement in DEFAULTS:
            _run(connection, statement, {"app": sql.Identifier(app)})
    connection.commit()


def grant_all(connection: Connection, app: str) -> None:
    """As the owner: give ``app`` on the tables that stand what it has by default on those to come."""
    for statement in (
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {app}",
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {app}",
        *DEFAULTS,
    ):
        _run(connection, statement, {"app": sql.Identifier(app)})


def adopt(owner_url: str, app_url: str) -> None:
    """Check a database that the operator runs, and settle extensions and rights in it.

    Raises Refused, with the mend, for an old server, another encoding, or extensions that can't be added.
    """
    app = psycopg.conninfo.conninfo_to_dict(app_url).get("user")
    with psycopg.connect(owner_url) as connection:
        if connection.info.server_version < OLDEST:
            raise Refused(f"PostgreSQL {connection.info.server_version // 10_000} is too old.", mend="Use 15 or later.")
        if connection.info.parameter_status("server_encoding") != "UTF8":
            raise Refused("The database does not store UTF-8.", mend="Create it with ENCODING 'UTF8'.")
        settle(connection, str(app or connection.info.user))


def system_identifier(connection: Connection) -> int:
    """Return the number that tells one server's transaction ids from another's; any role may ask."""
    row = connection.execute("SELECT system_identifier FROM pg_control_system()").fetchone()
    assert row is not None
    return int(row[0])


def _make_role(connection: Connection, role: str, password: str, limits: Mapping[str, str]) -> None:
    name = sql.Identifier(role)
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
        connection.execute(sql.SQL("CREATE ROLE {}").format(name))
    # Hashed here, so that the password itself never reaches the server or its log.
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    rights = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD {verifier}"
    _run(connection, f"ALTER ROLE {{name}} {rights}", {"name": name, "verifier": sql.Literal(verifier)})
    for key, value in limits.items():
        setting = {"name": name, "key": sql.Identifier(key), "value": sql.Literal(value)}
        _run(connection, "ALTER ROLE {name} SET {key} = {value}", setting)


def _run(connection: Connection, statement: str, parts: Mapping[str, sql.Composable]) -> None:
    """Run one of this module's statements with names put in safely."""
    connection.execute(sql.SQL(statement).format(**parts))
