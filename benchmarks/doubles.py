"""Invented business people, some of whom stand there twice: who is whom is known, to judge a search by.

Names are made of syllables and as unequal in frequency as real ones; a firm has three people to some hundred, who share
its domain, its switchboard and its city, and some of them a family name. One in ten came a second time, with one to
three things that go wrong: a slip in a name, an initial, a name left out, another address, a number or firm not told.
"""

from __future__ import annotations

from itertools import count as numbers

import numpy as np

from leadloop.people.contracts import Comparable

TWICE = 0.10
GIVEN, FAMILY, CITIES = 2_000, 40_000, 800  # so many different ones
_ONSETS, _VOWELS, _ENDS = (
    ("b", "d", "f", "g", "h", "j", "k", "l", "m", "n", "r", "s", "t", "v", "w", "st", "br"),
    "aeiou",
    (*("", "n", "r", "s", "l", "ck", "tz", "rt"),),
)
Pair = tuple[int, int]


def people(size: int, *, seed: int = 10) -> tuple[list[Comparable], set[Pair]]:
    """So many records and the pairs of them that are one person."""
    made = _Maker(seed)
    everybody: list[Comparable] = []
    true: set[Pair] = set()
    ids = numbers(1)
    while len(everybody) < size:
        for colleague in made.firm():
            one = colleague._replace(id=next(ids))
            everybody.append(one)
            if made.random.random() < TWICE:
                again = made.again(one)._replace(id=next(ids))
                everybody.append(again)
                true.add((one.id, again.id))
    kept = everybody[:size]
    return kept, {pair for pair in true if pair[1] <= size}


class _Maker:
    """Names by their rank in frequency, and what becomes of a record the second time."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self._given = _frequent(self._names(GIVEN, 2), 0.8)
        self._family = _frequent(self._names(FAMILY, 3), 0.8)
        self._cities = _frequent(self._names(CITIES, 3), 0.9)
        self._firms = numbers(1)

    def firm(self) -> list[Comparable]:
        """The people of the next firm."""
        number = next(self._firms)
        size = 3 + int(self.random.pareto(1.5) * 3)
        city, shared = self._drawn(self._cities), self._drawn(self._family)
        domain = f"{shared}{self._syllable()}{number % 100}.example"
        made = [self._colleague(number, place, city, domain, shared) for place in range(min(size, 400))]
        return list({(one.given, one.family): one for one in made}.values())

    def _colleague(self, firm: int, place: int, city: str, domain: str, shared: str) -> Comparable:
        given = self._drawn(self._given)
        family = shared if self.random.random() < 0.03 else self._drawn(self._family)
        direct = self.random.random() < 0.6
        return Comparable(
            id=0,
            fresh=True,
            lookalike=False,
            given=given,
            family=family,
            email=f"{given}.{family}@{domain}" if self.random.random() < 0.9 else "",
            phone=f"+49{firm:08}{place + 1 if direct else 0:03}" if self.random.random() < 0.7 else "",
            firm_key=f"{shared} {firm}",
            domain=domain,
            city=city,
            attributes=None,
        )

    def again(self, one: Comparable) -> Comparable:
        """The same person's second record."""
        for change in self.random.choice(len(_CHANGES), size=self.random.integers(1, 4), replace=False):
            one = _CHANGES[change](self, one)
        return one

    def slip(self, text: str) -> str:
        """One letter wrong, gone, doubled or swapped with the next."""
        if len(text) < 3:
            return text
        at = int(self.random.integers(1, len(text) - 1))
        letter = "abcdefghijklmnopqrstuvwxyz"[self.random.integers(26)]
        slips = (
            letter + text[at + 1 :],
            text[at + 1 :],
            text[at] + text[at:],
            text[at + 1] + text[at] + text[at + 2 :],
        )
        return text[:at] + slips[self.random.integers(len(slips))]

    def _drawn(self, frequent: tuple[list[str], np.ndarray]) -> str:
        names, upto = frequent
        return names[int(np.searchsorted(upto, self.random.random()))]

    def _names(self, count: int, syllables: int) -> list[str]:
        found: dict[str, None] = {}
        while len(found) < count:
            found["".join(self._syllable() for _ in range(syllables))] = None
        return list(found)

    def _syllable(self) -> str:
        parts = (_ONSETS, _VOWELS, _ENDS)
        return "".join(of[self.random.integers(len(of))] for of in parts)


def _frequent(names: list[str], steep: float) -> tuple[list[str], np.ndarray]:
    """Names with their cumulated frequencies, falling with rank as real ones do."""
    weights = 1 / np.arange(1, len(names) + 1) ** steep
    return names, np.cumsum(weights / weights.sum())


def _elsewhere(maker: _Maker, one: Comparable) -> Comparable:
    local = (one.given[:1], one.given)[maker.random.integers(2)] + one.family
    return one._replace(email=f"{local}{maker.random.integers(100)}@gmail.com")


def _another_number(maker: _Maker, one: Comparable) -> Comparable:
    return one._replace(phone=f"+4917{maker.random.integers(10**8):08}")


_CHANGES = (
    lambda maker, one: one._replace(given=maker.slip(one.given)),
    lambda maker, one: one._replace(family=maker.slip(one.family)),
    lambda maker, one: one._replace(email=maker.slip(one.email)),
    lambda _, one: one._replace(given=one.given[:1]),
    lambda _, one: one._replace(given=one.family, family=one.given),
    lambda _, one: one._replace(email=""),
    lambda _, one: one._replace(phone=""),
    lambda _, one: one._replace(firm_key="", domain=""),
    lambda _, one: one._replace(city=""),
    _elsewhere,
    _another_number,
)
