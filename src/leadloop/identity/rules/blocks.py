"""Where to look for who may be the same: blocks, of which two people who are one share at least one.

A block is a text that stays the same under the slips people make: how a name sounds instead of how it is written, what
stands before the @ whatever the domain, the end of a number. Where the sound differs too, sets of three letters in a
row that two spellings have in common lead to each other (min-hash: two sets have the same smallest hash as often as
they overlap). No block is a mail domain: colleagues are not one another, and neither are ten thousand at a free mailer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from zlib import crc32

from leadloop.kernel.text import matching_view
from leadloop.people.contracts import Profile
from leadloop.people.rules.names import folded

MOST = 30  # who share a block that says anything; a block of more is passed over
TYPICAL = 11  # blocks of one person, on average
_SHORTEST_SOUND = 3  # of what stands before an @
_END_OF_NUMBER = 7
_ROLES = frozenset(
    {
        "abuse", "accounting", "accounts", "admin", "anfrage", "billing", "buchhaltung", "buero", "contact", "contacto",
        "einkauf", "hello", "help", "hostmaster", "hr", "info", "jobs", "kontakt", "mail", "marketing", "noreply",
        "office", "order", "orders", "post", "postmaster", "presse", "purchasing", "reception", "sales", "sekretariat",
        "service", "support", "team", "vertrieb", "webmaster", "zentrale",
    }
)  # fmt: skip
_GROUPS = (
    ("sch", "s"), ("tsch", "s"), ("ae", "a"), ("oe", "o"), ("ue", "u"), ("ph", "f"), ("sh", "s"), ("ck", "k"),
    ("ch", "k"), ("qu", "k"), ("th", "t"), ("dt", "t"), ("tz", "s"), ("gh", "k"), ("x", "ks"),
)  # fmt: skip
_LETTERS = str.maketrans("cqzvwyjbdg", "kksffiiptk", "'’`´")
_SILENT = re.compile("[aeiouh]")
_TWICE = re.compile(r"(.)\1+")
_WORDS = re.compile(r"[^\W\d_]+")
_HASHES = (0x9E3779B1, 0x85EBCA6B, 0xC2B2AE35, 0x27D4EB2F, 0x165667B1, 0xD3A2646D)
_BAND = 2  # smallest hashes that have to be the same at once


def blocks(one: Profile) -> set[int]:
    """Return the blocks of a person, as numbers that fit a bigint."""
    return {_number(block) for block in _blocks(one)}


def _blocks(one: Profile) -> Iterator[str]:
    given, families = words(one.given), words(one.family)
    sounds = [sound(word) for word in families[-2:]]
    yield from _of_names(given, sounds, folded(one.city))
    if one.city:
        yield from (f"place {folded(one.city)} {sound(word)}" for word in (*families[-1:], *given[:1]))
    for firm in {str(place.company_id) for place in one.places if place.company_id}:
        yield from (f"firm {firm} {said}" for said in sounds)
        yield from (f"firm {firm} given {sound(word)}" for word in given[:1])
    for address in one.emails:
        local = mailbox(address)
        if local not in _ROLES and len(said := sound(local)) >= _SHORTEST_SOUND:
            yield f"mail {said}"
    yield from (f"phone {number[-_END_OF_NUMBER:]}" for number in one.phones)
    if given and families:
        yield from (f"letters {band}" for band in _bands(" ".join(sorted((*given, *families)))))
    for birth in one.births:
        yield f"birth {birth}"
        yield from (f"birth {birth[:4]} {said}" for said in (*sounds, *map(sound, given[:1])))


def _of_names(given: tuple[str, ...], families: list[str], city: str) -> Iterator[str]:
    for family in families:
        for first in given[:1]:
            yield " ".join(("name", *sorted((sound(first), family))))
            if city:
                yield f"name {first[0]} {family} in {city}"


@lru_cache(maxsize=65536)
def sound(text: str) -> str:
    """Return how a folded word sounds, roughly, in the languages of Europe: "schmidt" and "smith" both "smt"."""
    for group, letter in _GROUPS:
        text = text.replace(group, letter)
    text = "".join(_WORDS.findall(text)).translate(_LETTERS)
    first = "a" if text and text[0] in "aeiou" else text[:1]
    return _TWICE.sub(r"\1", first + _SILENT.sub("", text[1:]))


@lru_cache(maxsize=65536)
def words(name: str) -> tuple[str, ...]:
    """Return the words of a name, folded; hyphens part them."""
    return tuple(_WORDS.findall(folded(name)))


@lru_cache(maxsize=65536)
def mailbox(address: str) -> str:
    """Return what stands before the @, in the form under which one mailbox's variants meet."""
    return matching_view(address).rpartition("@")[0]


def is_role(local: str) -> bool:
    """Tell whether a mailbox belongs to a task rather than to somebody."""
    return local in _ROLES


def _bands(text: str) -> Iterator[str]:
    """Groups of the smallest hashes of the trigrams of a text."""
    padded = f"  {text} "
    hashes = [crc32(padded[place : place + 3].encode()) for place in range(len(padded) - 2)]
    smallest = [min((one * factor) & 0xFFFFFFFF for one in hashes) for factor in _HASHES]
    for place in range(0, len(smallest), _BAND):
        yield f"{place} {smallest[place : place + _BAND]}"


def _number(block: str) -> int:
    return int.from_bytes(blake2b(block.encode(), digest_size=8).digest(), "big", signed=True)
