"""Domains: which part belongs to a firm, and which domains say nothing about one."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from functools import lru_cache

import idna
from publicsuffixlist import PublicSuffixList

from leadloop.kernel.text.mail_domains import DISPOSABLE, FREE_MAIL

__all__ = ["FREE_MAIL", "is_disposable", "is_free_mail", "registrable"]

_LONGEST = 2048
# The copy of the public suffix list that comes with the library, with the private part, which keeps the tenants of a
# hosting service apart (one.myshopify.com, two.myshopify.com). An unlisted top level counts as a suffix.
_suffixes = PublicSuffixList()
_HOST = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?(?://)?(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:@]+)", re.IGNORECASE).match
_IPV4 = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}\Z").match
_SOUND = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+(?=[a-z0-9-]*[a-z])[a-z0-9-]{2,63}\Z").match


@lru_cache(maxsize=32768)
def registrable(host_or_url_or_email: str) -> str | None:
    """Return the part of a domain that someone registered.

    "www.acme.co.uk" → "acme.co.uk". Takes a host name, a URL or an e-mail address, gives lower-case ASCII.
    None for an IP address, a single label, a bare public suffix ("co.uk") and for what is no domain. An
    unlisted top level counts as a suffix, as the rules of the public suffix list say.
    """
    text = host_or_url_or_email.strip()
    if not text or len(text) > _LONGEST:
        return None
    found = _HOST(text)
    host = _ascii(found[1]) if found else ""
    return _sound(_suffixes.privatesuffix(host)) if host and not _IPV4(host) else None


def _sound(domain: str | None) -> str | None:
    return domain if domain and _SOUND(domain) else None


def _ascii(host: str) -> str:
    """In lower case, without the root's dot; "" for what can't be a host's name."""
    try:
        plain = host if host.isascii() else idna.encode(host, uts46=True).decode()
    except (idna.IDNAError, UnicodeError):
        return ""
    return plain.lower().rstrip(".")


def is_free_mail(domain: str) -> bool:
    """Tell whether anyone can have an address at ``domain``, so that it names no employer."""
    return domain.strip().lower().rstrip(".") in FREE_MAIL


def is_disposable(domain: str, extra: AbstractSet[str] = frozenset()) -> bool:
    """Tell whether ``domain``, or one above it, gives out throw-away addresses.

    ``extra`` is the installation's own list, in lower case, beside the well-known ones listed here.
    """
    rest = domain.strip().lower().rstrip(".")
    while rest:
        if rest in DISPOSABLE or rest in extra:
            return True
        rest = rest.partition(".")[2]
    return False
