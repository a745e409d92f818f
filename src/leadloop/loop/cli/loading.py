"""Loading the heavy part of a command only once it is wanted, so that `leadloop --help` stays quick."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


def part(name: str) -> Any:
    """A module of the command line by its name, such as "serving" or "work.importing"."""
    return importlib.import_module(f"leadloop.loop.cli.{name}")


def set_django_up() -> None:
    """Load settings and rooms. The built-in database has to be there already: its password is read with them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadloop.settings")
    importlib.import_module("django").setup()


@contextmanager
def at_work(name: str) -> Iterator[Any]:
    """The module `work.<name>`, with the database up, a company installed in it, and Django ready.

    Where nobody runs the built-in database, it runs for the duration of the block.
    """
    with part("place").installation():
        yield part(f"work.{name}")
