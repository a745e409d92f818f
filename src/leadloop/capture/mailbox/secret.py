"""The one secret of a mailbox: its password, or the key by which a provider signs."""

from __future__ import annotations

from leadloop.kernel.errors import Unavailable
from leadloop.platform.sealed import Unreadable, seal, unseal

_NAME = "secret"


def closed(secret: str) -> str:
    """The form it is stored in; "" for ""."""
    return seal({_NAME: secret}) if secret else ""


def disclosed(stored: str) -> str:
    """What was closed. Raises Unavailable where the secret key has changed since."""
    try:
        return unseal(stored).get(_NAME, "")
    except Unreadable:
        raise Unavailable(
            "A kept secret can't be read: the secret key has changed since", mend="Enter the secret again"
        ) from None
