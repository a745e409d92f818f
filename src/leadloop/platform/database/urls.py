"""Addresses of the database for each role, whether it is the built-in one or the operator's."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from leadloop.kernel.errors import Unavailable
from leadloop.platform.config import Config, load
from leadloop.platform.database.binaries import find
from leadloop.platform.database.cluster import DATABASE, PORT, SUPERUSER, Cluster
from leadloop.platform.database.roles import APP, OWNER

Role = Literal["app", "owner"]
ROLES: dict[Role, str] = {"app": APP, "owner": OWNER}
OWN_FIELDS = ("host", "port", "user", "password", "dbname")


@dataclass(frozen=True)
class Addresses:
    """psycopg addresses of one database. ``admin`` may make and rename databases, from outside this one."""

    app: str = field(repr=False)
    owner: str = field(repr=False)
    admin: str = field(repr=False)
    embedded: bool


def embedded(config: Config | None = None) -> Cluster:
    """Return the built-in cluster of this installation; it may neither exist nor run yet."""
    config = config or load()
    return Cluster(config.home, binaries=find(config.pg_bin))


def addresses(config: Config | None = None) -> Addresses:
    """Return the addresses of this installation; Unavailable when the built-in database is not set up yet."""
    config = config or load()
    if config.database_url is None:
        return of_cluster(embedded(config))
    owner = config.database_owner_url or config.database_url
    return Addresses(config.database_url, owner, make_conninfo(owner, dbname="postgres"), embedded=False)


def of_cluster(cluster: Cluster, database: str = DATABASE) -> Addresses:
    """Return the addresses of one database of a built-in cluster."""
    app, owner = (cluster.url(role, database) for role in (APP, OWNER))
    return Addresses(app, owner, cluster.url(SUPERUSER, "postgres"), embedded=True)


def url(role: Role) -> str:
    """Return the address for a role; an external database has one user unless its owner is named."""
    return addresses().owner if role == "owner" else addresses().app


def django_settings(role: Role) -> dict[str, Any]:
    """Return an entry for Django's DATABASES.

    Before the built-in database is set up it has an empty password, so that commands that need no database
    (type checks, collecting static files) can read the settings.
    """
    try:
        parts = conninfo_to_dict(url(role))
    except Unavailable:
        parts = {"dbname": DATABASE, "user": ROLES[role]}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname") or DATABASE,
        "USER": parts.get("user") or "",
        "PASSWORD": parts.get("password") or "",
        "HOST": parts.get("host") or "",
        "PORT": str(parts.get("port") or PORT),
        "OPTIONS": {key: value for key, value in parts.items() if key not in OWN_FIELDS},
    }
