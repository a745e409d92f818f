"""Keys that make an address of ours somebody's own, such as that of a form. They say who, and nothing of them.

Whoever has one may have been sent it on by somebody else, so a key gives no right: pages show nothing of the person.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.signing import BadSignature, Signer

_SALT = "leadloop.people.links"
HOLDS = timedelta(days=90)


def personal_key(person_id: int, *, now: datetime) -> str:
    """Return the key of a person; it holds for 90 days."""
    return Signer(salt=_SALT).sign_object([person_id, int((now + HOLDS).timestamp())])


def read_key(key: str, *, now: datetime) -> int | None:
    """Return whose key it is; None for one that holds no more, or that we have not made."""
    try:
        person_id, until = Signer(salt=_SALT).unsign_object(key)
        return int(person_id) if now.timestamp() < until else None
    except (BadSignature, TypeError, ValueError):
        return None
