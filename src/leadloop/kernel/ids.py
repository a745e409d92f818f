"""Secrets, digests and readable identifiers."""

from __future__ import annotations

import hashlib
import re
import secrets

from leadloop.kernel.text.fold import without_accents

_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def token(nbytes: int = 24) -> str:
    """Return a random URL-safe secret of ``nbytes`` bytes of entropy (about 4/3 as many characters)."""
    return secrets.token_urlsafe(nbytes)


def sha256_hex(data: bytes | str) -> str:
    """Return the SHA-256 digest as 64 hex digits; text is taken as UTF-8."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def slug(text: str, limit: int = 60) -> str:
    """Return ``text`` as lower-case ASCII words joined by hyphens, at most ``limit`` characters.

    Text without a single Latin letter or digit becomes twelve hex digits of its digest, so that it still
    has a stable slug; empty text gives an empty slug.
    """
    words = _NOT_SLUG.sub("-", without_accents(text).casefold()).strip("-")[:limit].rstrip("-")
    return words or (sha256_hex(text)[:12] if text.strip() else "")
