"""Run as a module: install the company to begin with, in a process of its own."""

from __future__ import annotations

from leadloop.loop.cli.loading import part, set_django_up

if __name__ == "__main__":
    set_django_up()
    part("work.first").ensure()
