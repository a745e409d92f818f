"""How each field of two records compares: at which level, how often that is so, and in which words it is said.

`m` is how often a field of one human's two records compares like that, `u` how often that of two strangers who share a
block does. None where one of them lacks the field: what isn't known speaks neither for nor against.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from math import log2
from typing import NamedTuple

from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.fuzz import token_set_ratio

from leadloop.identity.rules.blocks import is_role, mailbox, sound, words
from leadloop.kernel.text import domain_of, is_free_mail
from leadloop.people.contracts import Profile
from leadloop.people.rules.names import folded

_CLOSE = 0.9  # of Jaro-Winkler's likeness
_SIMILAR = 85  # of the ratio of the words in common
_SLIPS = 2  # letters typed wrong, left out, doubled or swapped
_LONG_ENOUGH = 5
_END_OF_NUMBER = 7


class Level(NamedTuple):
    """How two values compare."""

    m: float
    u: float
    text: str

    @property
    def weight(self) -> float:
        """The base-2 logarithm of how much likelier this makes it, to two places."""
        return _weight(self.m, self.u)


@lru_cache(maxsize=1024)
def _weight(m: float, u: float) -> float:
    return round(log2(m / u), 2)


def name(one: Profile, other: Profile) -> Level | None:
    """Given and family name together, since they are mistaken for each other."""
    given, family = _given(one, other), _family(one, other)
    if given is None or family is None:
        return given or family
    if given.m < given.u and family.m < family.u and _swapped(one, other):
        return Level(0.03, 0.000003, "Given and family name in the other order")
    return Level(given.m * family.m, given.u * family.u, f"{given.text}, {family.text.lower()}")


def _given(one: Profile, other: Profile) -> Level | None:
    first, second = words(one.given), words(other.given)
    if not first or not second:
        return None
    if first == second:
        return Level(0.62, 0.01, "Same given name")
    if {first[0], second[0]} & set(first) & set(second) or _close(first[0], second[0]):
        return Level(0.2, 0.008, "Similar given names")
    if 1 in (len(first[0]), len(second[0])) and first[0][0] == second[0][0]:
        return Level(0.06, 0.03, "Same initial")
    if _begins(first[0], second[0]):
        return Level(0.05, 0.004, "One given name short for the other")
    return Level(0.07, 0.95, "Different given names")


def _family(one: Profile, other: Profile) -> Level | None:
    first, second = words(one.family), words(other.family)
    if not first or not second:
        return None
    if first == second:
        return Level(0.77, 0.002, "Same family name")
    if _close(" ".join(first), " ".join(second)):
        return Level(0.13, 0.002, "Similar family names")
    if sound(first[-1]) == sound(second[-1]):
        return Level(0.05, 0.003, "Family names that sound alike")
    if any(len(word) > 2 for word in set(first) & set(second)):
        return Level(0.03, 0.002, "Family names with a word in common")
    return Level(0.02, 0.99, "Different family names")


def _swapped(one: Profile, other: Profile) -> bool:
    return words(one.given) == words(other.family) and words(one.family) == words(other.given)


def email(one: Profile, other: Profile) -> Level | None:
    """The best of what any two of their addresses say; those of a task (info@) say nothing."""
    mine, yours = _personal(one), _personal(other)
    return _best(mine, yours, lambda a, b: _addresses(a, b, lambda: _names(one) | _names(other)))


def _addresses(one: str, other: str, names: Callable[[], set[str]]) -> Level:
    local, your_local = mailbox(one), mailbox(other)
    domain, your_domain = domain_of(one), domain_of(other)
    if local == your_local:
        if domain == your_domain:
            return Level(0.4, 0.000004, "Same e-mail address")
        where = "at another domain"
        return (
            Level(0.3, 0.1, f"Same name before the @, {where}")
            if _made_of(local, names())  # the name said so before
            else Level(0.3, 0.001, f"Same word before the @, {where}")
        )
    near = OSA.distance(local, your_local, score_cutoff=_SLIPS) <= _SLIPS and min(len(local), len(your_local)) >= 6
    if near and not (_made_of(local, of_both := names()) and _made_of(your_local, of_both)):
        same_firm = domain == your_domain and not is_free_mail(domain)
        return Level(0.2, 0.0008 if same_firm else 0.002, "Addresses a slip or two apart")
    if is_free_mail(domain) != is_free_mail(your_domain):
        return Level(0.6, 0.97, "A private and a firm's address")
    return Level(0.35, 0.97, "Different e-mail addresses")


def phone(one: Profile, other: Profile) -> Level | None:
    """The best of any two numbers; colleagues share one, which says little of them."""
    colleagues = are_colleagues(one, other)

    def level(a: str, b: str) -> Level:
        if a == b:
            return Level(0.5, 0.06 if colleagues else 0.006, "Same telephone number")
        if a[-_END_OF_NUMBER:] == b[-_END_OF_NUMBER:] or (not colleagues and OSA.distance(a, b, score_cutoff=1) == 1):
            return Level(0.1, 0.002, "Telephone numbers that differ in a digit or the code")
        return Level(0.4, 0.95, "Different telephone numbers")

    return _best(one.phones, other.phones, level)


def are_colleagues(one: Profile, other: Profile) -> bool:
    """Tell whether they are at one firm."""
    return any(mine.company_id and mine.company_id == yours.company_id for mine in one.places for yours in other.places)


def company(one: Profile, other: Profile) -> Level | None:
    """The firms they are at; a free mailer is none."""
    mine = [place for place in one.places if place.company_id]
    yours = [place for place in other.places if place.company_id]
    if not mine or not yours:
        return None
    if are_colleagues(one, other):
        return Level(0.6, 0.004, "Same company")
    if any(_close(a.name_key, b.name_key) for a in mine for b in yours if a.name_key and b.name_key):
        return Level(0.12, 0.004, "Companies of similar names")
    return Level(0.28, 0.97, "Different companies")


def city(one: Profile, other: Profile) -> Level | None:
    """Colleagues are mostly in one city, which then says little."""
    first, second = _folded(one.city), _folded(other.city)
    if not first or not second:
        return None
    if first == second or _close(first, second):
        return Level(
            0.75, 0.4 if are_colleagues(one, other) else 0.04, "Same city" if first == second else "Similar cities"
        )
    return Level(0.25, 0.9, "Different cities")


def country(one: Profile, other: Profile) -> Level | None:
    """Only another country says something."""
    if not one.country or not other.country or one.country == other.country:
        return None
    return Level(0.05, 0.3, "Different countries")


def birth(one: Profile, other: Profile) -> Level | None:
    """Dates of birth, to the digit."""

    def level(a: str, b: str) -> Level:
        if a == b:
            return Level(0.75, 0.0001, "Same date of birth")
        if OSA.distance(a, b, score_cutoff=1) == 1:
            return Level(0.13, 0.003, "Dates of birth a slip apart")
        if OSA.distance(a, b, score_cutoff=_SLIPS) == _SLIPS:
            return Level(0.07, 0.03, "Dates of birth two slips apart")
        return Level(0.05, 0.97, "Different dates of birth")

    return _best(one.births, other.births, level)


def street(one: Profile, other: Profile) -> Level | None:
    """Streets, whose words may stand in another order."""

    def level(a: str, b: str) -> Level:
        if token_set_ratio(_folded(a), _folded(b), score_cutoff=_SIMILAR):
            return Level(0.75, 0.005, "Same street or nearly so")
        return Level(0.25, 0.99, "Different streets")

    return _best(one.streets, other.streets, level)


def postcode(one: Profile, other: Profile) -> Level | None:
    """Postal codes; of one city's there are few, so the city has said most of it."""
    told = bool(one.city) and _folded(one.city) == _folded(other.city)

    def level(a: str, b: str) -> Level:
        if a == b:
            return Level(0.75, 0.3 if told else 0.01, "Same postal code")
        if OSA.distance(a, b, score_cutoff=1) == 1:
            return Level(0.12, 0.04, "Postal codes a slip apart")
        return Level(0.13, 0.96, "Different postal codes")

    return _best(one.postcodes, other.postcodes, level)


def title(one: Profile, other: Profile) -> Level | None:
    """Job titles, where they are alike: people change theirs."""
    mine, yours = ([_folded(place.title) for place in of.places if place.title] for of in (one, other))
    if any(token_set_ratio(a, b, score_cutoff=_SIMILAR) for a in mine for b in yours):
        return Level(0.4, 0.08, "Same job title or nearly so")
    return None


def _best(mine: Sequence[str], yours: Sequence[str], level: Callable[[str, str], Level]) -> Level | None:
    """The level that speaks for it most, of every two values; None where one of them has none."""
    return max((level(a, b) for a in mine for b in yours), key=lambda one: one.m / one.u, default=None)


_folded = lru_cache(maxsize=65536)(folded)


def _close(one: str, other: str) -> bool:
    return JaroWinkler.similarity(one, other, score_cutoff=_CLOSE) > 0


def _begins(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) > 2 and long.startswith(short)


def _personal(one: Profile) -> list[str]:
    return [address for address in one.emails if not is_role(mailbox(address))]


def _names(one: Profile) -> set[str]:
    return {*words(one.given), *words(one.family)}


def _made_of(local: str, names: Iterable[str]) -> bool:
    """Tell whether a mailbox is nothing but the names of its owner, or initials of them: "a.berg", "annaberg"."""
    rest = "".join(words(local))
    for one in sorted(names, key=len, reverse=True):
        rest = rest.replace(one, "", 1)
    return len(rest) <= 1 and len(rest) < len(local)
