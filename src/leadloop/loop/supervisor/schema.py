"""Is the database as this version of Leadloop wants it? Answered without Django, so that a start stays quick."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import psycopg

from leadloop.kernel.errors import Unavailable

PACKAGE = Path(__file__).resolve().parents[2]
FOREIGN = ("django", "django-allauth", "procrastinate")  # they bring migrations of their own


def wanted() -> str:
    """A stamp over everything that decides the schema: our migrations' text, and the versions of others'."""
    stamp = sha256()
    for path in sorted(PACKAGE.glob("*/migrations/0*.py")):
        stamp.update(path.read_bytes())
    for name in FOREIGN:
        stamp.update(f"{name}=={version(name)}".encode())
    return stamp.hexdigest()


def standing(owner: psycopg.Connection) -> str:
    """The stamp the database carries; empty for a new one. It lies in the database, so a restore brings its own."""
    row = owner.execute("select obj_description(to_regclass('public.django_migrations'), 'pg_class')").fetchone()
    return str(row[0] or "") if row else ""


def migrate(owner_url: str) -> bool:
    """Bring the schema up to date where it is not; returns True when something was done."""
    with psycopg.connect(owner_url) as owner:
        if standing(owner) == wanted():
            return False
    done = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity", "0"],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "leadloop.settings",
            "LEADLOOP_DB_ROLE": "owner",
            "LEADLOOP_DATABASE_URL": owner_url,  # the one asked for: during a restore it is not the one in use
            "LEADLOOP_DATABASE_OWNER_URL": owner_url,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise Unavailable(
            f"The database could not be brought up to date: {' '.join(last)}",
            mend="Restore the backup you made before the upgrade, or run `leadloop doctor`",
        )
    with psycopg.connect(owner_url) as owner:
        owner.execute(psycopg.sql.SQL("comment on table django_migrations is {}").format(psycopg.sql.Literal(wanted())))
    return True
