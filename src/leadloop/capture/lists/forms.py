"""Untrusted lines into entries in their normal form. Pure."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator

from leadloop.capture.lists.contracts import Kind, NewEntry
from leadloop.kernel.errors import Invalid
from leadloop.kernel.text import domain_of, email, one_line

MOST_PASTED = 20_000
LONGEST_REASON = 200
LONGEST_WORDS, SHORTEST_WORDS, MOST_STARS = 100, 3, 2
_WIDEST = {4: 8, 6: 19}  # bits: a wider network is a mistyped one
_DOMAIN_LIKE = re.compile(r"[^\s@/]+\.[^\s@/.]{2,}")


def entries(
    text: str, *, kind: Kind | None, reason: str, portal_id: int | None = None, allows: bool = False
) -> list[NewEntry]:
    """Return an entry for each line, each once, in their order. Without `kind` each line tells its own.

    Invalid names the line that can't be one, what is wrong with it, and the mend. Empty lines and those that begin
    with # are left out.
    """
    why = one_line(reason, LONGEST_REASON)
    if not why:
        raise Invalid("a list says why", field="reason", mend="Write what these have done")
    found = dict.fromkeys(_read(text.splitlines(), kind))
    if not found:
        raise Invalid("there is nothing to add", field="lines", mend="Write one address, domain or network in a line")
    if len(found) > MOST_PASTED:
        raise Invalid(f"at most {MOST_PASTED:,} lines are taken at once", field="lines", mend="Paste it in parts")
    return [NewEntry(kind=its, value=value, reason=why, portal_id=portal_id, allows=allows) for its, value in found]


def _read(lines: Iterable[str], kind: Kind | None) -> Iterator[tuple[Kind, str]]:
    for number, raw in enumerate(lines, start=1):
        line = one_line(raw, 400)
        if not line or line.startswith("#"):
            continue
        its = kind or told(line)
        value = _NORMAL[its](line)
        if value is None:
            raise Invalid(f"line {number}, “{line[:60]}”, is no {its}", field="lines", mend=_MENDS[its])
        yield its, value


def told(line: str) -> Kind:
    """What a line speaks of, by its looks."""
    if _network(line) is not None:
        return Kind.NETWORK
    if "@" in line.lstrip("@"):
        return Kind.ADDRESS
    return Kind.DOMAIN if _DOMAIN_LIKE.fullmatch(line.lstrip("@")) else Kind.WORDS


def _domain(text: str) -> str | None:
    whole = email(f"a@{text.lstrip('@').lstrip('.').removeprefix('*.')}")
    return domain_of(whole) if whole else None


def _network(text: str) -> str | None:
    try:
        found = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
    return str(found) if found.prefixlen >= _WIDEST[found.version] else None


def _words(text: str) -> str | None:
    words = " ".join(text.casefold().split())
    letters = len(words.replace("*", "").replace(" ", ""))
    fits = letters >= SHORTEST_WORDS and len(words) <= LONGEST_WORDS and words.count("*") <= MOST_STARS
    return words if fits else None


_NORMAL: dict[Kind, Callable[[str], str | None]] = {
    Kind.ADDRESS: email,
    Kind.DOMAIN: _domain,
    Kind.NETWORK: _network,
    Kind.WORDS: _words,
}
_MENDS = {
    Kind.ADDRESS: "Write it like anna@example.com",
    Kind.DOMAIN: "Write it like example.com",
    Kind.NETWORK: f"Write it like 192.0.2.0/24, no wider than /{_WIDEST[4]}",
    Kind.WORDS: f"Write {SHORTEST_WORDS} to {LONGEST_WORDS} letters, with at most {MOST_STARS} stars",
}
