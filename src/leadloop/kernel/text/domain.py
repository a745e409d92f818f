"""Domains: which part belongs to a firm, and which domains say nothing about one."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from functools import lru_cache

import idna
import tldextract

from leadloop.kernel.text.mail_domains import DISPOSABLE, FREE_MAIL

__all__ = ["FREE_MAIL", "is_disposable", "is_free_mail", "registrable"]

_LONGEST = 2048
# The copy of the public suffix list that comes with the library: no download, no cache on disk. The private
# part keeps the tenants of a hosting service apart (one.myshopify.com, two.myshopify.com).
_split = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
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
    found = _split(text)
    if found.ipv4 or found.ipv6:
        return None
    if found.suffix:
        whole = f"{found.domain}.{found.suffix}" if found.domain else ""
    else:
        whole = f"{found.subdomain.rpartition('.')[2]}.{found.domain}"
    return _ascii(whole)


def _ascii(domain: str) -> str | None:
    try:
        plain = domain.lower() if domain.isascii() else idna.encode(domain, uts46=True).decode().lower()
    except (idna.IDNAError, UnicodeError):
        return None
    return plain if _SOUND(plain) else None


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
