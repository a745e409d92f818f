"""The installation as a command meets it: its database up, its company there."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from leadloop.kernel.errors import Unavailable
from leadloop.loop.cli.loading import part, set_django_up
from leadloop.loop.cli.saying import say
from leadloop.loop.marker import running_supervisor
from leadloop.loop.supervisor import Supervisor
from leadloop.platform.config import Config, load


@contextmanager
def installation() -> Iterator[None]:
    """The database is up, Django is set up, and a company is installed, if need be the empty one to begin with."""
    with _plain_errors(), database(load()):
        set_django_up()
        try:
            part("work.first").ensure()
            yield
        finally:
            importlib.import_module("django.db").connections.close_all()


@contextmanager
def database(config: Config) -> Iterator[None]:
    """The database answers and is up to date: through whoever runs it, else it runs while the block does."""
    if running_supervisor(config.home):
        yield
        return
    supervisor = Supervisor(config, say)
    try:
        supervisor.open_database()
        yield
    finally:
        supervisor.close()


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Say in one line that the database can't be reached, whoever found out."""
    try:
        yield
    except Exception as error:
        if isinstance(error, psycopg.OperationalError) or isinstance(error.__cause__, psycopg.OperationalError):
            raise Unavailable(
                "The database can't be reached", field="database", mend="Run `leadloop doctor` to see why"
            ) from error
        raise
