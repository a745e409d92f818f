"""Whose an inquiry would have been, had two persons or firms not been merged when it came."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from leadloop.identity.contracts import Candidate
from leadloop.identity.rules.keys import DOMAIN, EMAIL, NAME, PHONE, Key, firm_keys, person_keys
from leadloop.identity.rules.matching import Asked, Holder, match


class Kin(NamedTuple):
    """How those of a kind are told apart: their keys, which of these is the strongest and which never overrules.

    `by_family` tells that a family name speaks against a weak key.
    """

    keys: Callable[[Candidate], Sequence[Key]]
    strongest: str
    weakest: str
    by_family: bool


PERSONS = Kin(person_keys, EMAIL, PHONE, by_family=True)
FIRMS = Kin(firm_keys, DOMAIN, NAME, by_family=False)


@dataclass(slots=True)
class Attributed:
    """Person or firm by inquiry, the kinds of its keys that are another's, who holds new keys, and what is open."""

    persons: dict[int, int] = field(default_factory=dict)
    against: dict[int, tuple[str, ...]] = field(default_factory=dict)
    keys: dict[Key, int] = field(default_factory=dict)
    unknown: list[int] = field(default_factory=list)


def attribute(
    inquiries: Iterable[tuple[int, Candidate | None]],
    *,
    keys: Mapping[Key, int],
    families: Mapping[int, str],
    held: Collection[Key],
    answers: Mapping[int, int],
    kin: Kin = PERSONS,
) -> Attributed:
    """Match inquiries, in the order in which they came, against the two persons as they stood.

    `keys` by holder and `families` by person, as of the merge; `held` are the keys that the one person holds today, and
    only these count: others were somebody else's. The same rule decides as at the door (`matching.match`). Where it
    would have made a third person, and where an inquiry can't be read any more, `answers` decide, or it stays unknown.
    """
    found = Attributed()
    house = _House(dict(keys), dict(families), kin.strongest)
    for inquiry_id, candidate in inquiries:
        named = kin.keys(candidate) if candidate else []
        known = [key for key in named if key in held]
        family = candidate.family if candidate and kin.by_family else ""
        asked = Asked(known, any(kind == kin.strongest for kind, _ in known), family)
        led = match([asked], house.holders(), weakest=kin.weakest).matches[0]
        person_id = led.holder if led.holder > 0 else answers.get(inquiry_id)
        if person_id is None:
            found.unknown.append(inquiry_id)
            continue
        found.persons[inquiry_id] = person_id
        found.against[inquiry_id] = (*led.against, *(kind for kind, value in named if (kind, value) not in held))
        found.keys |= house.take(known, person_id, family)
    return found


@dataclass(slots=True)
class _House:
    """The two while inquiries are gone through: who holds what so far."""

    keys: dict[Key, int]
    families: dict[int, str]
    strongest: str

    def holders(self) -> dict[Key, Holder]:
        strong = {person_id for (kind, _), person_id in self.keys.items() if kind == self.strongest}
        return {
            key: Holder(person_id, person_id in strong, self.families.get(person_id, ""))
            for key, person_id in self.keys.items()
        }

    def take(self, known: Collection[Key], person_id: int, family: str) -> dict[Key, int]:
        """Give the person the keys that nobody has yet; returns these."""
        new = {key: person_id for key in known if key not in self.keys}
        self.keys |= new
        self.families[person_id] = self.families.get(person_id) or family
        return new
