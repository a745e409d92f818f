"""Builds a database in which the demo company has lived: `python -m tests.support.demo`, DATABASE_URL naming it."""

from __future__ import annotations

import os

import django
import psycopg
from django.core.management import call_command

django.setup()

from leadloop.kernel import clock  # noqa: E402 - needs Django's apps
from leadloop.ledger.epochs import begin_epoch  # noqa: E402 - as above
from leadloop.loop.simulator import Size, simulate  # noqa: E402 - as above

if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    with psycopg.connect(os.environ["DATABASE_URL"]) as owner:
        begin_epoch(owner)
    simulate(seed=7, end=clock.now(), size=Size(leads=120, days=90))
