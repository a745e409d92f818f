"""An empty database for stories that begin at the very beginning, and a company at work for the others."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connections

from leadloop.agreement import cache
from leadloop.kernel import clock
from leadloop.leads.tests.world import World, world
from leadloop.ledger.epochs import begin_epoch
from leadloop.platform.database.testing import TestCluster
from tests.support.cast import Cast
from tests.support.plugin import point_at

EMPTY = "leadloop_empty"


def _migrate(owner_url: str) -> None:
    environment = {**os.environ, "DATABASE_URL": owner_url, "DJANGO_SETTINGS_MODULE": "leadloop.settings"}
    subprocess.run([sys.executable, "-m", "django", "migrate", "--verbosity", "0"], env=environment, check=True)
    with psycopg.connect(owner_url) as owner:
        begin_epoch(owner)


Database = Callable[[], AbstractContextManager[str]]


@pytest.fixture
def new_empty_db(cluster: TestCluster, django_db_setup: None, django_db_blocker: Any) -> Database:
    """Makes empty, migrated databases, each as a context in which it is the one in use; yields its name."""

    @contextmanager
    def make() -> Iterator[str]:
        before = dict(connections.settings["default"])
        name = f"test_{uuid4().hex[:12]}"
        cluster.create_database(name, template=cluster.template(EMPTY, _migrate))
        cache.forget()
        try:
            with django_db_blocker.unblock():
                point_at(cluster.url("app", name))
                yield name
                connections.close_all()
        finally:
            cache.forget()
            connections.settings["default"].update(before)
            connections["default"].settings_dict.update(before)
            cluster.drop_database(name)

    return make


@pytest.fixture
def empty_db(new_empty_db: Database) -> Iterator[str]:
    """An empty, migrated database of one's own, as the application's role sees it. Yields its name."""
    with new_empty_db() as name:
        yield name


@pytest.fixture
def office(db: None, cast: Cast) -> Iterator[World]:
    """The fixed cast on the world's first morning."""
    office = world(cast)
    with clock.at(office.now):
        yield office
