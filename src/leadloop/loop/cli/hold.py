"""Run as a module: put sending on hold in the database that LEADLOOP_DATABASE_URL names, with a reason."""

from __future__ import annotations

import sys

from leadloop.loop.cli.loading import part, set_django_up

if __name__ == "__main__":
    set_django_up()
    part("work.sending").hold(sys.argv[1])
