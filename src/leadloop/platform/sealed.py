"""Secrets that must be read again, such as the key of a signature: sealed, so that a copy of the database opens none.

The key comes from the installation's own (`LEADLOOP_SECRET_KEY`); with another one they can't be read any more.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from functools import lru_cache

import orjson
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_PURPOSE = b"leadloop sealed secrets 1"


class Unreadable(Exception):
    """Sealed with another key, or damaged: the secret has to be given anew."""


def seal(secrets: Mapping[str, str]) -> str:
    """Return named secrets as one text to be stored; each time another one."""
    return _box(_keys()).encrypt(orjson.dumps(dict(secrets))).decode()


def unseal(sealed: str) -> dict[str, str]:
    """Return what was sealed, nothing for "". Raises Unreadable."""
    if not sealed:
        return {}
    try:
        opened: dict[str, str] = orjson.loads(_box(_keys()).decrypt(sealed.encode()))
    except InvalidToken:
        raise Unreadable("it was sealed with another key") from None
    return opened


def _keys() -> tuple[str, ...]:
    return (settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    derived = (HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(key.encode()) for key in keys)
    return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in derived])
