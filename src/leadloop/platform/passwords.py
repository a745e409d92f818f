"""Passwords: made, checked and hashed with argon2."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import (
    UserAttributeSimilarityValidator,
    get_default_password_validators,
    validate_password,
)
from django.core.exceptions import ValidationError

from leadloop.kernel.errors import Invalid

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another
_GROUPS, _LENGTH = 5, 4  # 31^20 possibilities: 99 bits


def generate() -> str:
    """Return a new random password that can be read aloud, such as "hq7m-x2kd-…"."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)) for _ in range(_GROUPS))


def hashed(password: str | None, user: Any = None) -> str:
    """Return what is stored of a password; of None something with which nobody can sign in.

    Raises Invalid for a password that is too short, too common or too much like the user's own data.
    """
    if password is None:
        return make_password(None)
    try:
        unlike_name = UserAttributeSimilarityValidator(user_attributes=("name",))
        validate_password(password, user, [*get_default_password_validators(), unlike_name])
    except ValidationError as wrong:
        raise Invalid(
            " ".join(wrong.messages), field="password", mend="Choose a longer or less common password"
        ) from None
    return make_password(password)
