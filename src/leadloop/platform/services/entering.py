"""A link that lets somebody in once, without a password: for whoever sets the installation up."""

from __future__ import annotations

from django.contrib.auth.tokens import PasswordResetTokenGenerator

from leadloop.platform.models import User


class _Entry(PasswordResetTokenGenerator):
    """Bound to the account as it stands: signing in, or another password or address, makes it useless."""

    key_salt = "leadloop.platform.entering"


def entry_token(user_id: int) -> str:
    """What stands in the link of this user. Good for three days, until they sign in by whatever way."""
    return _Entry().make_token(User.objects.get(id=user_id))


def may_enter(user_id: int, token: str) -> bool:
    """Whether the link still lets this user in; never for a closed account."""
    user = User.objects.filter(id=user_id, is_active=True).first()
    return user is not None and _Entry().check_token(user, token)
