"""The secret part of a link by which somebody confirms a consent. It can't be guessed; when it ends its row says."""

from __future__ import annotations

from django.conf import settings
from django.core.signing import BadSignature, Signer

from leadloop.kernel.errors import NotFound

_SALT = "leadloop.people.confirm"


def confirm_url(confirmation_id: int) -> str:
    """Return the address of the page with the button."""
    return f"{settings.PUBLIC_URL}/confirm/{Signer(salt=_SALT).sign(str(confirmation_id))}"


def read_confirm_token(token: str) -> int:
    """Return what a token was made for. Raises NotFound for a token that we have not made."""
    try:
        return int(Signer(salt=_SALT).unsign(token))
    except (BadSignature, ValueError):
        raise NotFound("This link is not complete", mend="Open it from the e-mail once more") from None
