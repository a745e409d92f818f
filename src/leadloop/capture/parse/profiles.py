"""What the address of a social profile says by itself: the network, the handle, and perhaps a name. Nothing is fetched.

A name is only ever guessed: people choose their handles, and share them with namesakes.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from leadloop.kernel.values import dataclass

NETWORKS = {"linkedin": "LinkedIn", "xing": "Xing", "x": "X", "github": "GitHub"}
_HOSTS = {"linkedin.com": "linkedin", "xing.com": "xing", "x.com": "x", "twitter.com": "x", "github.com": "github"}
# By network: what stands before the handle of a person, and of a firm. Elsewhere the handle comes first.
_PERSONS = {"linkedin": ("in", "pub"), "xing": ("profile",)}
_FIRMS = {"linkedin": ("company", "school", "showcase"), "xing": ("pages", "companies", "company")}
ADDRESS = re.compile(
    r"(?:https?://)?(?:[a-z]{2,3}\.)?(?:linkedin\.com|xing\.com|twitter\.com|x\.com|github\.com)/[^\s<>\"',;|]+",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"[\w.%\-]{1,200}\Z")
_APART = re.compile(r"[-_.+\s]+")
_DEGREES = frozenset({"dr", "prof", "mba", "phd", "msc", "bsc", "dipl", "ing", "mr", "mrs", "ms"})
_LONGEST = 500
_FEWEST, _MOST = 2, 4  # words of a name


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile's address, read. `handle` is "" where the address names nobody; `is_firm` for a firm's own page.

    `name` is a guess from a person's handle, "" where it says too little.
    """

    network: str
    handle: str
    is_firm: bool
    name: str
    address: str


def profile(text: str) -> Profile | None:
    """Read the address of a profile on one of the networks; None for any other text. Never raises."""
    given = text.strip()[:_LONGEST]
    try:
        parts = urlsplit(given if "//" in given else f"https://{given}")
        host = parts.hostname or ""
    except ValueError:
        return None
    network = next((of for name, of in _HOSTS.items() if host == name or host.endswith(f".{name}")), None)
    if network is None:
        return None
    steps = [one for one in parts.path.split("/") if one]
    handle, is_firm = _handle(network, steps)
    name = "" if is_firm else _name(handle)
    return Profile(network, handle, is_firm, name, given.partition("?")[0].partition("#")[0].rstrip("/"))


def _handle(network: str, steps: list[str]) -> tuple[str, bool]:
    """The handle in small letters, and whether it is a firm's."""
    persons, firms = _PERSONS.get(network), _FIRMS.get(network, ())
    if persons is None:
        found = steps[0] if len(steps) == 1 else ""
        return _clean(found), False
    if len(steps) < 2 or steps[0] not in (*persons, *firms):
        return "", False
    old = steps[0] == "pub"  # its handle goes over several steps, the first alone is shared by namesakes
    return _clean(".".join(steps[1:]) if old else steps[1]), steps[0] in firms


def _clean(step: str) -> str:
    handle = unquote(step).casefold()
    return handle if _HANDLE.match(handle) else ""


def _name(handle: str) -> str:
    """ "dana-ruiz-4b5a21a9" → "Dana Ruiz"; "" for a handle of one word, or with a number inside it."""
    words = [one for one in _APART.split(handle) if one]
    while words and (words[-1].isdigit() or (len(words) > _FEWEST and any(map(str.isdigit, words[-1])))):
        words.pop()
    if words:
        words[-1] = words[-1].rstrip("0123456789")
    words = [one for one in words if one and one not in _DEGREES]
    if not _FEWEST <= len(words) <= _MOST or not all(one.isalpha() for one in words):
        return ""
    return " ".join(one.capitalize() for one in words)
