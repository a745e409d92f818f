"""Secrets of other systems that we must be able to say again: kept encrypted, never shown, never logged."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from leadloop.kernel.errors import Unavailable


def seal(secret: str, *, use: str) -> str:
    """Return a secret encrypted for one use, such as "mailbox"; "" for "". The key is made of LEADLOOP_SECRET_KEY."""
    return _box(settings.SECRET_KEY, use).encrypt(secret.encode()).decode("ascii") if secret else ""


def unseal(sealed: str, *, use: str) -> str:
    """Return what was sealed for this use. Raises Unavailable where the key has changed since."""
    if not sealed:
        return ""
    try:
        return _box(settings.SECRET_KEY, use).decrypt(sealed.encode("ascii")).decode()
    except InvalidToken:
        raise Unavailable(
            "A kept secret can't be read: the secret key has changed since", mend="Enter the secret again"
        ) from None


@lru_cache(maxsize=16)
def _box(key: str, use: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"leadloop:{use}".encode()).derive(key.encode())
    return Fernet(urlsafe_b64encode(derived))
