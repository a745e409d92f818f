"""The company to begin with, where there is none yet."""

from __future__ import annotations

from typing import Any

from leadloop.kernel import clock
from leadloop.loop.cli.saying import say
from leadloop.loop.install import Firm, bare
from leadloop.platform.passwords import generate
from leadloop.platform.queries import installed


def ensure(**firm: Any) -> None:
    """Install an empty company with one user, and say that user's password this once; nothing where one stands.

    `firm` may say its name, currency, zone and country.
    """
    if installed():
        return
    password = generate()
    email = bare(Firm(**{"name": "My company", **firm}), password=password, now=clock.now())
    say(f"A new installation. Sign in as {email} with the password {password}; it is not shown again.")
