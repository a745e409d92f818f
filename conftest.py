"""A real PostgreSQL for every test, and the fixed cast in it.

`db` (pytest-django's) rolls back at the end. `fresh_db` is a whole database of one's own, for tests that commit on
several connections or start processes. The application's role may not truncate, so pytest-django's transactional
tests can't be used here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from hypothesis import settings

from leadloop.platform.database.testing import TestCluster, shared
from tests.support.plugin import demo_template, own_database, point_at

settings.register_profile("house", deadline=None)  # a busy machine is no failure; timings live in benchmarks
settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--shots DIR` keeps the pictures that the browser tests take."""
    parser.addoption("--shots", default="", help="folder for screenshots of every page")


@pytest.fixture(scope="session")
def cluster() -> TestCluster:
    return shared()


@pytest.fixture(scope="session")
def django_db_setup(cluster: TestCluster, django_db_blocker: Any) -> Iterator[None]:
    """Each worker process has one database, a copy of the template, in which tests roll back."""
    with own_database(cluster) as name, django_db_blocker.unblock():
        point_at(cluster.url("app", name))
        yield
        connections.close_all()


@pytest.fixture
def fresh_db(cluster: TestCluster, django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A database of one's own, as the application's role sees it. Yields its address."""
    before = dict(connections.settings["default"])
    with own_database(cluster) as name, django_db_blocker.unblock():
        url = cluster.url("app", name)
        point_at(url)
        try:
            yield url
        finally:
            connections.close_all()
            connections.settings["default"].update(before)
            connections["default"].settings_dict.update(before)


@pytest.fixture
def demo_db(cluster: TestCluster, django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A database of one's own in which the demo company has lived for a month. Yields its address."""
    before = dict(connections.settings["default"])
    with own_database(cluster, demo_template(cluster)) as name, django_db_blocker.unblock():
        url = cluster.url("app", name)
        point_at(url)
        try:
            yield url
        finally:
            connections.close_all()
            connections.settings["default"].update(before)
            connections["default"].settings_dict.update(before)


@pytest.fixture
def cast() -> Any:
    """The fixed cast; needs `db` or `fresh_db`."""
    from tests.support.cast import load  # noqa: PLC0415 - models load only after Django is set up

    return load()
