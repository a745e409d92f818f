"""Builds the template database: `python -m tests.support.template`, with DATABASE_URL naming an empty one."""

from __future__ import annotations

import django
from django.core.management import call_command

if __name__ == "__main__":
    django.setup()
    from tests.support import cast

    call_command("migrate", verbosity=0)
    cast.build()
