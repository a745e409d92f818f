"""What lists say of a delivery. Built once from their entries, then asked for each delivery. Pure.

Words are no patterns of a language of their own: all but * stands for itself, and * for at most forty letters of a
word, so that no entry can make the search slow.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from leadloop.capture.lists.contracts import Kind
from leadloop.kernel.text import domain_of

LONGEST_SEARCHED = 20_000
Entry = tuple[int, bool, str, str]  # id, allows, kind, value


@dataclass(frozen=True, slots=True)
class Caught:
    """The entry that caught a delivery, and what it is."""

    entry_id: int
    kind: Kind


@dataclass(slots=True)
class Side:
    """The entries that block, or those that allow."""

    addresses: dict[str, int] = field(default_factory=dict)
    domains: dict[str, int] = field(default_factory=dict)
    networks: dict[tuple[int, int], dict[int, int]] = field(default_factory=dict)  # version, bits → network → id
    words: list[tuple[str, int]] = field(default_factory=list)
    _search: re.Pattern[str] | None = None

    def add(self, entry_id: int, kind: str, value: str) -> None:
        if kind == Kind.ADDRESS:
            self.addresses[value] = entry_id
        elif kind == Kind.DOMAIN:
            self.domains[value] = entry_id
        elif kind == Kind.NETWORK:
            one = ipaddress.ip_network(value)
            self.networks.setdefault((one.version, one.prefixlen), {})[int(one.network_address)] = entry_id
        else:
            self.words.append((value, entry_id))

    def done(self) -> Side:
        """Ready to be asked."""
        if self.words:
            self._search = re.compile("|".join(f"({_pattern(words)})" for words, _ in self.words))
        return self

    def find(self, address: str | None, network: str, text: Iterable[str]) -> Caught | None:
        """The entry that speaks of it: first of the address, then of where it came from, then of what it says."""
        return self._by_address(address) or self._by_network(network) or self._by_words(text)

    def _by_address(self, address: str | None) -> Caught | None:
        if not address:
            return None
        if address in self.addresses:
            return Caught(self.addresses[address], Kind.ADDRESS)
        found = next((self.domains[one] for one in _upwards(domain_of(address)) if one in self.domains), None)
        return None if found is None else Caught(found, Kind.DOMAIN)

    def _by_network(self, text: str) -> Caught | None:
        if not (self.networks and text):
            return None
        try:
            one = ipaddress.ip_address(text)
        except ValueError:
            return None
        number, width = int(one), one.max_prefixlen
        for (version, bits), known in self.networks.items():
            found = known.get(number >> (width - bits) << (width - bits)) if version == one.version else None
            if found is not None:
                return Caught(found, Kind.NETWORK)
        return None

    def _by_words(self, text: Iterable[str]) -> Caught | None:
        if self._search is None:
            return None
        found = self._search.search("\n".join(text).casefold()[:LONGEST_SEARCHED])
        return Caught(self.words[(found.lastindex or 1) - 1][1], Kind.WORDS) if found else None


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists that hold for one portal: the company's and its own. Who is allowed is never caught."""

    blocks: tuple[Side, ...] = ()
    allows: tuple[Side, ...] = ()

    def is_allowed(self, address: str | None, network: str) -> bool:
        """Whether an allow list speaks of who sent it, or of where from. What it says can't be a proof of that."""
        return any(side.find(address, network, ()) for side in self.allows)

    def caught(self, address: str | None, network: str, text: Iterable[str]) -> Caught | None:
        """The first entry that catches it, None when none does. Does not ask whether it is allowed."""
        return next((found for side in self.blocks if (found := side.find(address, network, text))), None)


NO_LISTS = Lists()


def compiled(entries: Iterable[Entry]) -> tuple[Side, Side]:
    """The entries that block and those that allow, ready to be asked."""
    sides = Side(), Side()
    for entry_id, allows, kind, value in entries:
        sides[allows].add(entry_id, kind, value)
    return sides[0].done(), sides[1].done()


def lists_of(shared: tuple[Side, Side], own: Mapping[int, tuple[Side, Side]], portal_id: int) -> Lists:
    """What holds for one portal."""
    both = [shared, *([own[portal_id]] if portal_id in own else [])]
    return Lists(tuple(block for block, _ in both), tuple(allow for _, allow in both))


def _upwards(domain: str) -> Iterator[str]:
    """A domain and those above it."""
    rest = domain
    while rest:
        yield rest
        rest = rest.partition(".")[2]


def _pattern(words: str) -> str:
    spaced = r"\s+".join(re.escape(word).replace(r"\*", r"\w{0,40}") for word in words.split())
    return rf"(?<!\w){spaced}(?!\w)"
