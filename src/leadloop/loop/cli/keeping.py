"""Backup and restore, and where the database is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from leadloop.kernel import clock
from leadloop.kernel.errors import Unavailable
from leadloop.ledger.epochs import begin_epoch
from leadloop.loop.cli.place import database
from leadloop.loop.cli.saying import ASIDE, answer, say
from leadloop.loop.supervisor import schema
from leadloop.platform.config import load
from leadloop.platform.database import backup as copying
from leadloop.platform.database.urls import addresses

WHY = "Restored from a backup"


def url(*, owner: bool) -> None:
    """Say the address of the application's role, or of the owner's."""
    place = addresses()
    answer(place.owner if owner else place.app)


def backup(file: Path) -> None:
    """Write everything into one file."""
    with database(load()), ASIDE.status("Writing the backup") as status:
        copying.backup(file, progress=lambda table: status.update(f"Writing {table}"))
    say(f"Written: {file}, {file.stat().st_size / 1_048_576:.1f} MB. It holds personal data; keep it safe.")


def restore(file: Path) -> None:
    """Put a backup in the place of the database; sending is held in it from its first moment."""
    with database(load()), ASIDE.status("Restoring") as status:
        aside = copying.restore(
            file,
            now=clock.now(),
            after_restore=_settle,
            progress=lambda table: status.update(f"Restoring {table}"),
        )
    say(f"Restored from {file}. What stood here before is kept as the database {aside}.")
    say("Nothing is sent until you say so: look at what is waiting, then run `leadloop db release-sending`.")


def _settle(owner: psycopg.Connection[tuple[Any, ...]]) -> None:
    """Before anybody else enters the restored database: bring it up to date, begin its epoch, hold its sending."""
    owner.commit()  # what follows happens on other connections too and must not wait for this one
    place = addresses()
    schema.migrate(_named(place.owner, owner.info.dbname))
    begin_epoch(owner)
    owner.commit()
    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "leadloop.loop.cli.hold", WHY],
        env={**os.environ, "LEADLOOP_DATABASE_URL": _named(place.app, owner.info.dbname)},
        check=False,
    )
    if done.returncode:
        raise Unavailable("Sending could not be put on hold, so nothing was restored", mend="See what is said above")


def _named(address: str, name: str) -> str:
    """The same address with another database."""
    return urlsplit(address)._replace(path=f"/{name}").geturl()
