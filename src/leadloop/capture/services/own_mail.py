"""What mail of our own looks like: our own address, and those of our people."""

from __future__ import annotations

from django.conf import settings

from leadloop.capture.parse.mail.verdict import Ours
from leadloop.kernel.text import email
from leadloop.outreach.mail import origin
from leadloop.platform import queries as platform


def ours() -> Ours:
    """Return it. One query."""
    own = email(origin(settings.CONFIG.email_from).address) or ""
    staff = (email(user.email) for user in platform.users().values())
    return Ours(own, frozenset(norm for norm in staff if norm))
