"""Fails when models and migrations disagree: `python -m tests.support.migrations`."""

from __future__ import annotations

import os

import django
from django.core.management import call_command

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadloop.settings")
    django.setup()
    call_command("makemigrations", "--check", "--dry-run", verbosity=1)
