"""Who in a batch is whom: every candidate goes to somebody known, to an earlier candidate, or is new.

The stronger key decides: a person's e-mail address before another system's id before a telephone number, a firm's
domain before its name. The weakest joins only what the strongest does not tell apart: two e-mail addresses on one
number are two persons, two domains under one name two firms, and a number shared by people of different family
names is a switchboard.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from leadloop.identity.rules.keys import Key
from leadloop.people.rules.names import may_be_namesakes


class Asked(NamedTuple):
    """A candidate as the matcher sees them: keys, the strongest first; whether they have the strongest kind."""

    keys: Sequence[Key]
    has_strongest: bool
    family: str = ""


class Holder(NamedTuple):
    """Who holds a key already, whether they hold a key of the strongest kind, and their family name."""

    id: int
    has_strongest: bool
    family: str = ""


class Match(NamedTuple):
    """Where a candidate went: `holder` is an id, or negative for the new one first met at place -holder - 1.

    `by` are the kinds of key that lead there, () for somebody new; `against` those that lead to somebody else.
    """

    holder: int
    by: tuple[str, ...] = ()
    against: tuple[str, ...] = ()


@dataclass(slots=True)
class Plan:
    """A match per candidate in their order, and for every key nobody held until now who is to hold it."""

    matches: list[Match] = field(default_factory=list)
    claims: dict[Key, int] = field(default_factory=dict)


def match(asked: Sequence[Asked], known: Mapping[Key, Holder], *, weakest: str) -> Plan:
    """Return where every candidate belongs, given who holds which key. `weakest` is the kind that never overrules."""
    matcher = _Matcher(known, weakest)
    for place, one in enumerate(asked):
        matcher.take(place, one)
    return matcher.plan


class _Matcher:
    """The state while a batch is gone through: candidates met earlier count as known."""

    def __init__(self, known: Mapping[Key, Holder], weakest: str) -> None:
        self.plan = Plan()
        self._weakest = weakest
        self._holders = {key: holder.id for key, holder in known.items()}
        self._with_strongest = {holder.id for holder in known.values() if holder.has_strongest}
        self._families = {holder.id: holder.family for holder in known.values()}

    def take(self, place: int, one: Asked) -> None:
        keys, holders = one.keys, self._holders
        if holders.keys().isdisjoint(keys):
            found = Match(-place - 1)
            new: Sequence[Key] = keys
        else:
            found = self._led(place, one, [holders.get(key) for key in keys])
            new = [key for key in keys if key not in holders]
        self.plan.matches.append(found)
        for key in new:
            holders[key] = self.plan.claims[key] = found.holder
        if one.has_strongest:
            self._with_strongest.add(found.holder)
        if one.family and not self._families.get(found.holder):
            self._families[found.holder] = one.family

    def _led(self, place: int, one: Asked, led_to: Sequence[int | None]) -> Match:
        holder = self._find(one, led_to)
        against = [other for other in led_to if other is not None and other != holder]
        if holder is None:
            return Match(-place - 1, (), _kinds(one.keys, led_to, against))
        return Match(holder, _kinds(one.keys, led_to, [holder]), _kinds(one.keys, led_to, against))

    def _find(self, one: Asked, led_to: Sequence[int | None]) -> int | None:
        for key, holder in zip(one.keys, led_to, strict=True):
            if holder is not None and not (key[0] == self._weakest and self._tells_apart(one, holder)):
                return holder
        return None

    def _tells_apart(self, one: Asked, holder: int) -> bool:
        if one.has_strongest and holder in self._with_strongest:
            return True
        return not may_be_namesakes(one.family, self._families.get(holder, ""))


def _kinds(keys: Sequence[Key], led_to: Sequence[int | None], chosen: Sequence[int]) -> tuple[str, ...]:
    """Return the kinds of the keys that lead to one of the chosen."""
    if not chosen:
        return ()
    return tuple(key[0] for key, holder in zip(keys, led_to, strict=True) if holder in chosen)
