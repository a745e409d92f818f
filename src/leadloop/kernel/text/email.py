"""E-mail addresses: the normal form by which they are looked up, and the form by which they are matched."""

from __future__ import annotations

import re

from email_validator import EmailNotValidError, validate_email

_MOST_LOCAL, _MOST = 64, 254
# The plain addresses that make up nearly all of what arrives. Whatever it takes, the library would take
# and leave as it is (tested); everything else goes to the library.
_PLAIN = re.compile(
    r"(?=[^@]{1,64}@)[a-z0-9][a-z0-9_%+-]*(?:\.[a-z0-9_%+-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+"
    r"(?!(?:arpa|invalid|local|localhost|onion)\Z)[a-z]{2,24}\Z"
).match
_TOP_LEVEL = re.compile(r"\.(?:[a-z]{2,63}|xn--[a-z0-9-]+)\Z").search
_GMAIL = frozenset({"gmail.com", "googlemail.com"})


def email(raw: str) -> str | None:
    """Return the normal form of an address, None when it isn't one that mail can be sent to.

    The whole address in lower case, the domain as ASCII (punycode) without a trailing dot, needless quotes
    taken off, Unicode in the local part composed (NFC). None for more than 64 characters before the @ or
    254 in all, for a domain without a dot or under a reserved name other than .test, a domain literal, a
    local part that needs quotes, or an address with a name or comment around it. Whether the address
    exists is not looked up.
    """
    text = raw.strip().lower()
    if len(text) <= 128 and "--" not in text and _PLAIN(text):
        return text
    return _thorough(raw.strip())


def _thorough(text: str) -> str | None:
    """Do the same by the library, for any address."""
    # No address is longer; stopping here keeps the library from chewing on megabytes.
    if len(text) > 2 * _MOST:
        return None
    try:
        found = validate_email(
            text.removesuffix("."),
            check_deliverability=False,
            # Names under .test never reach anyone; trials run on them.
            test_environment=True,
            allow_quoted_local=True,
        )
    except (EmailNotValidError, UnicodeError):
        return None
    local, domain = found.local_part.lower(), (found.ascii_domain or "").lower()
    if local.startswith('"') or not _TOP_LEVEL(domain):
        return None
    whole = f"{local}@{domain}"
    if len(local.encode()) > _MOST_LOCAL or len(whole.encode()) > _MOST:
        return None
    return whole


def matching_view(email: str) -> str:
    """Return the address under which one mailbox's variants meet, given a normal form.

    A plus tag is dropped everywhere, dots only at Gmail, whose two domains count as one. For matching only:
    mail is sent to the address as given.
    """
    local, _, domain = email.rpartition("@")
    plus = local.find("+")
    if plus > 0:
        local = local[:plus]
    if domain in _GMAIL:
        return f"{local.replace('.', '')}@gmail.com"
    return f"{local}@{domain}"


def domain_of(email: str) -> str:
    """Return what stands after the last @ of a normal form."""
    return email.rpartition("@")[2]
