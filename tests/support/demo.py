"""Builds a database in which the demo company has lived: `python -m tests.support.demo`, DATABASE_URL naming it."""

from __future__ import annotations

import os

import django
import psycopg
from django.core.management import call_command

if __name__ == "__main__":
    django.setup()
    from leadloop.kernel import clock
    from leadloop.ledger.epochs import begin_epoch
    from leadloop.loop.simulator import Size, simulate

    call_command("migrate", verbosity=0)
    with psycopg.connect(os.environ["DATABASE_URL"]) as owner:
        begin_epoch(owner)
    simulate(seed=7, end=clock.now(), size=Size(leads=120, days=90))
