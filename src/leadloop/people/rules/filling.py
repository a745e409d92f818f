"""What somebody's further words add to what is known: gaps are filled, and only told to, something is overwritten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from leadloop.people.contracts import AddressKind, ContactValue, NewPerson
from leadloop.people.rules.names import filled_name

TEXTS = ("given_name", "family_name", "language", "zone", "country", "city")
UNKNOWN_ROLE = "unknown"
EXTERNAL = "external_id"


class Place(NamedTuple):
    """A position; `id` None while it isn't stored yet."""

    id: int | None
    company_id: int | None
    title: str
    buying_role: str
    is_primary: bool


class Known(NamedTuple):
    """A person as stored: texts in the order of TEXTS, addresses as (kind, norm), and the kinds with a primary one."""

    id: int
    texts: Mapping[str, str]
    attributes: Mapping[str, Any]
    lookalike: bool
    addresses: tuple[tuple[str, str], ...]
    with_primary: frozenset[str]
    places: tuple[Place, ...]
    external: frozenset[tuple[str, str]]


class NewAddress(NamedTuple):
    """An address to add."""

    kind: str
    contact: ContactValue
    is_primary: bool


@dataclass(slots=True)
class News:
    """What is to be written for one person; `places` are new or changed ones."""

    person_id: int
    texts: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)
    lookalike: bool = False
    addresses: list[NewAddress] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    external: list[tuple[str, str]] = field(default_factory=list)
    history: list[tuple[str, str, str]] = field(default_factory=list)  # field, old, new

    def __bool__(self) -> bool:
        return bool(self.touches_person or self.places or self.external)

    @property
    def touches_person(self) -> bool:
        """Whether the person's own row changes; addresses do, since the person is found by them."""
        return bool(self.texts or self.attributes or self.addresses)

    @property
    def fields(self) -> list[str]:
        """The names of what changed, each once."""
        return list(dict.fromkeys(name for name, _, _ in self.history))


def missing(known: Known, told: Sequence[NewPerson]) -> News:
    """Return what `told`, in its order, adds to a person. Empty News when all of it is known already."""
    if all(_is_known(known, one) for one in told):
        return News(known.id)
    draft = _Draft(known)
    for one in told:
        draft.take(one)
    return draft.news()


def _is_known(known: Known, one: NewPerson) -> bool:
    """Tell quickly what is so of nearly everybody who comes again: that there is no gap this would fill.

    May say no where the full look finds nothing either, never yes where it finds something.
    """
    values = (one.given, one.family, one.language, one.zone, one.country, one.city)
    return not one.overwrite and (
        not any(value and not text for value, text in zip(values, known.texts.values(), strict=True))
        and all((AddressKind.EMAIL, contact.norm) in known.addresses for contact in one.emails)
        and all((AddressKind.PHONE, contact.norm) in known.addresses for contact in one.phones)
        and known.attributes.keys() >= one.attributes.keys()
        and known.external.issuperset(one.external)
        and (not has_place(one) or any(_holds(place, one) for place in known.places))
    )


def has_place(one: NewPerson) -> bool:
    """Tell whether anything of a position was told."""
    return bool(one.company_id or one.title or one.buying_role != UNKNOWN_ROLE)


def _holds(place: Place, one: NewPerson) -> bool:
    return (
        place.company_id == one.company_id
        and bool(place.title or not one.title)
        and (place.buying_role != UNKNOWN_ROLE or one.buying_role == UNKNOWN_ROLE)
    )


class _Draft:
    """A person as they would stand after what has been taken so far."""

    def __init__(self, known: Known) -> None:
        self._added = News(known.id)
        self._texts = dict(known.texts)
        self._over = False
        self._attributes = dict(known.attributes)
        self._lookalike = known.lookalike
        self._addresses = set(known.addresses)
        self._with_primary = set(known.with_primary)
        self._stored = known.places
        self._places = list(known.places)
        self._external = set(known.external)

    def take(self, one: NewPerson) -> None:
        self._over = one.overwrite
        self._take_name(one)
        for column, value in (
            ("language", one.language),
            ("zone", one.zone),
            ("country", one.country),
            ("city", one.city),
        ):
            self._fill(column, value)
        for key in sorted(one.attributes):
            self._take_attribute(key, one.attributes[key])
        self._take_addresses(AddressKind.EMAIL, one.emails)
        self._take_addresses(AddressKind.PHONE, one.phones)
        if has_place(one):
            self._take_place(one)
        for pair in one.external:
            if pair not in self._external:
                self._external.add(pair)
                self._added.external.append(pair)
                self._added.history.append((EXTERNAL, "", ":".join(pair)))

    def _take_attribute(self, key: str, value: Any) -> None:
        before = self._attributes.get(key)
        if key in self._attributes and (not self._over or before == value):
            return
        self._attributes[key] = self._added.attributes[key] = value
        self._added.history.append((f"attributes.{key}", "" if before is None else str(before), str(value)))

    def news(self) -> News:
        before = dict(enumerate(self._stored))
        changed = [(before.get(i), place) for i, place in enumerate(self._places) if before.get(i) != place]
        self._added.places = [place for _, place in changed]
        for old, new in changed:
            self._added.history.extend(_place_history(old, new))
        return self._added

    def _take_name(self, one: NewPerson) -> None:
        known = self._texts["given_name"], self._texts["family_name"]
        given, family = (one.given, one.family) if self._over else filled_name(known, (one.given, one.family))
        filled = [self._fill("given_name", given), self._fill("family_name", family)]
        if any(filled) and one.lookalike and not self._lookalike:
            self._lookalike = self._added.lookalike = True

    def _fill(self, column: str, value: str) -> bool:
        before = self._texts[column]
        if not value or before == value or (before and not self._over):
            return False
        self._texts[column] = self._added.texts[column] = value
        self._added.history.append((column, before, value))
        return True

    def _take_addresses(self, kind: AddressKind, contacts: Sequence[ContactValue]) -> None:
        for contact in contacts:
            if (kind, contact.norm) in self._addresses:
                continue
            self._addresses.add((kind, contact.norm))
            self._added.addresses.append(NewAddress(kind, contact, kind not in self._with_primary))
            self._with_primary.add(kind)
            self._added.history.append((kind, "", contact.value))

    def _take_place(self, one: NewPerson) -> None:
        index = self._place_for(one)
        if index is not None:
            self._places[index] = _filled(self._places[index], one, over=self._over)
            return
        is_first = not any(place.is_primary for place in self._places)
        self._places.append(Place(None, one.company_id, one.title, one.buying_role, is_first))

    def _place_for(self, one: NewPerson) -> int | None:
        """Find the position that is meant: at this firm, or the main one when no firm was named."""
        for index, place in enumerate(self._places):
            if place.company_id == one.company_id or (one.company_id is None and place.is_primary):
                return index
        for index, place in enumerate(self._places):
            if place.company_id is None and _may_be_one_title(place.title, one.title):
                return index
        return None


def _may_be_one_title(one: str, other: str) -> bool:
    return not one or not other or one.casefold() == other.casefold()


def _filled(place: Place, one: NewPerson, *, over: bool) -> Place:
    known_role = place.buying_role != UNKNOWN_ROLE and not (over and one.buying_role != UNKNOWN_ROLE)
    return place._replace(
        company_id=place.company_id or one.company_id,
        title=(one.title or place.title) if over else (place.title or one.title),
        buying_role=place.buying_role if known_role else one.buying_role,
    )


def _place_history(old: Place | None, new: Place) -> list[tuple[str, str, str]]:
    before = old or Place(None, None, "", UNKNOWN_ROLE, is_primary=False)
    pairs = (
        ("company", str(before.company_id or ""), str(new.company_id or "")),
        ("title", before.title, new.title),
        ("buying_role", before.buying_role, new.buying_role),
    )
    return [pair for pair in pairs if pair[1] != pair[2]]
