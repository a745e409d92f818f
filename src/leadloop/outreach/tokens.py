"""The secret part of an unsubscribe link. It names the message it came with, holds for good, and can't be guessed."""

from __future__ import annotations

from django.conf import settings
from django.core.signing import BadSignature, Signer

from leadloop.kernel.errors import NotFound

_SALT = "leadloop.outreach.unsubscribe"


def unsubscribe_token(message_id: int) -> str:
    """Return the token of a message."""
    return Signer(salt=_SALT).sign(str(message_id))


def unsubscribe_url(message_id: int) -> str:
    """Return the address a mail program posts to, and a person opens."""
    return f"{settings.PUBLIC_URL}/unsubscribe/{unsubscribe_token(message_id)}"


def read_token(token: str) -> int:
    """Return the message a token was made for. Raises NotFound for a token that we have not made."""
    try:
        return int(Signer(salt=_SALT).unsign(token))
    except (BadSignature, ValueError):
        raise NotFound("This link is not complete", mend="Open it from the e-mail once more") from None
