"""The company to begin with, where there is none yet."""

from __future__ import annotations

from typing import Any

from leadloop.kernel import clock
from leadloop.loop.cli.entries import entry_link
from leadloop.loop.cli.saying import say
from leadloop.loop.install import FIRST_NAME, Firm, bare
from leadloop.platform.passwords import generate
from leadloop.platform.queries import installed, user_by_email


def ensure(**firm: Any) -> None:
    """Install an empty company with one user, and say this once how to get in; nothing where one stands.

    `firm` may say its name, currency, zone and country.
    """
    if installed():
        return
    password = generate()
    email = bare(Firm(**{"name": FIRST_NAME, **firm}), password=password, now=clock.now())
    user = user_by_email(email)
    assert user is not None
    say("A new installation. To set it up, open this link as soon as it answers; it works once, within three days:")
    say(entry_link(user.id))
    say(f"Or sign in as {email} with the password {password}; it is not shown again.")
