"""Loaded before Django's settings: a home of its own for the run, and one PostgreSQL for all its processes."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

ROOT = Path(__file__).resolve().parents[2]
os.environ["LEADLOOP_HOME"] = os.environ.get("LEADLOOP_TEST_HOME") or tempfile.mkdtemp(prefix="leadloop-home-")
os.environ["LEADLOOP_TEST_HOME"] = os.environ["LEADLOOP_HOME"]
os.environ.setdefault("LEADLOOP_LOG_LEVEL", "error")
for foreign in ("DATABASE_URL", "LEADLOOP_DATABASE_URL", "LEADLOOP_EMAIL_URL", "LEADLOOP_DB_ROLE"):
    os.environ.pop(foreign, None)

from django.db import connections  # noqa: E402 - the settings read the environment set above
from psycopg.conninfo import conninfo_to_dict  # noqa: E402

from leadloop.platform.database.testing import TestCluster, shared  # noqa: E402

TEMPLATE = "leadloop_template"


def pytest_configure(config: pytest.Config) -> None:
    """With xdist the controller starts the one cluster; its workers inherit the address."""
    if getattr(config.option, "numprocesses", None):
        shared()


def build(owner_url: str, module: str = "tests.support.template") -> None:
    """Fill an empty database by running a module, in a process of its own."""
    environment = {**os.environ, "DATABASE_URL": owner_url, "DJANGO_SETTINGS_MODULE": "leadloop.settings"}
    done = subprocess.run(
        [sys.executable, "-m", module], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{module} could not fill its database:\n{done.stdout}\n{done.stderr}")


def template(cluster: TestCluster) -> str:
    """The name of the migrated database with the cast, built by whoever asks first."""
    return cluster.template(TEMPLATE, build)


def demo_template(cluster: TestCluster) -> str:
    """The name of a database in which the demo company has lived for a month."""
    return cluster.template("leadloop_demo", lambda owner_url: build(owner_url, "tests.support.demo"))


def point_at(url: str) -> None:
    """Send Django's connections, of this and of later threads, to this database."""
    connections.close_all()
    parts = conninfo_to_dict(url)
    keys = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    connections.settings["default"].update({name: str(parts.get(key) or "") for key, name in keys.items()})
    connections["default"].settings_dict.update(connections.settings["default"])


@contextmanager
def own_database(cluster: TestCluster, source: str = "") -> Iterator[str]:
    """A copy of a template (the cast's unless named), dropped at the end. Yields its name."""
    name = f"test_{uuid4().hex[:12]}"
    cluster.create_database(name, template=source or template(cluster))
    try:
        yield name
    finally:
        cluster.drop_database(name)
