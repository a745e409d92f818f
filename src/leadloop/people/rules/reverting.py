"""Taking single changes back: as far as what they wrote still stands."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple

from leadloop.people.contracts import AddressKind
from leadloop.people.rules.changing import ATTRIBUTE
from leadloop.people.rules.filling import EXTERNAL, TEXTS, UNKNOWN_ROLE, Known, Place

_ADDRESSES = frozenset(map(str, AddressKind))
_OF_PLACES = ("company", "title", "buying_role")


class Change(NamedTuple):
    """An entry of the field history."""

    field: str
    old: str
    new: str


@dataclass(slots=True)
class Reverted:
    """What is to be written so that a person stands as before; `kept` are fields that changed again since."""

    texts: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, Any] | None = None
    addresses: list[tuple[str, str]] = field(default_factory=list)  # kind and value, to be removed
    places: list[Place] = field(default_factory=list)
    places_gone: list[int] = field(default_factory=list)
    external: list[tuple[str, str]] = field(default_factory=list)  # system and id, to be removed
    history: list[Change] = field(default_factory=list)  # as it is to be entered: the new value first, then the old
    kept: list[str] = field(default_factory=list)


def reverted(known: Known, changes: Sequence[Change], values: Collection[tuple[str, str]]) -> Reverted:
    """Take changes back, the last one first. `values` are the person's addresses as (kind, value).

    A field that holds something else than the change wrote is left alone.
    """
    draft = _Draft(known, set(values))
    for of_place, several in groupby(reversed(changes), key=lambda one: one.field in _OF_PLACES):
        if of_place:
            draft.take_places(list(several)[::-1])
        else:
            for one in several:
                draft.take(one)
    return draft.found


class _Draft:
    """A person as they stand after what has been taken back so far."""

    def __init__(self, known: Known, values: set[tuple[str, str]]) -> None:
        self.found = Reverted()
        self._texts = dict(known.texts)
        self._attributes = dict(known.attributes)
        self._values = values
        self._places = [place for place in known.places if place.id is not None]
        self._external = set(known.external)

    def take(self, one: Change) -> None:
        if self._goes_back(one):
            self.found.history.append(Change(one.field, one.new, one.old))
        else:
            self.found.kept.append(one.field)

    def _goes_back(self, one: Change) -> bool:
        if one.field in TEXTS:
            return self._text(one)
        if one.field.startswith(ATTRIBUTE):
            return self._attribute(one)
        if one.field == EXTERNAL:
            return self._external_id(one)
        return one.field in _ADDRESSES and self._address(one)

    def _text(self, one: Change) -> bool:
        if self._texts[one.field] != one.new:
            return False
        self._texts[one.field] = self.found.texts[one.field] = one.old
        return True

    def _attribute(self, one: Change) -> bool:
        name = one.field.removeprefix(ATTRIBUTE)
        if str(self._attributes.get(name, "")) != one.new:
            return False
        if one.old:
            self._attributes[name] = one.old
        else:
            del self._attributes[name]
        self.found.attributes = self._attributes
        return True

    def _address(self, one: Change) -> bool:
        if (one.field, one.new) not in self._values:
            return False
        self._values.discard((one.field, one.new))
        self.found.addresses.append((one.field, one.new))
        return True

    def _external_id(self, one: Change) -> bool:
        system, _, number = one.new.partition(":")
        if (system, number) not in self._external:
            return False
        self._external.discard((system, number))
        self.found.external.append((system, number))
        return True

    def take_places(self, changes: Sequence[Change]) -> None:
        """Each run of company, title, role is one position: a new one goes, a filled one gets its gaps back."""
        for several in list(_runs(changes))[::-1]:
            place = next((place for place in self._places if _holds(place, several)), None)
            if place is None or place.id is None:
                self.found.kept.extend(one.field for one in several)
                continue
            self._places.remove(place)
            left = _without(place, several)
            if left.company_id is None and not left.title and left.buying_role == UNKNOWN_ROLE:
                self.found.places_gone.append(place.id)
            else:
                self.found.places.append(left)
                self._places.append(left)
            self.found.history.extend(Change(one.field, one.new, one.old) for one in several)


def _runs(changes: Sequence[Change]) -> Iterator[list[Change]]:
    """Split entries where the order of a position's fields begins anew."""
    run: list[Change] = []
    for one in changes:
        if run and _OF_PLACES.index(one.field) <= _OF_PLACES.index(run[-1].field):
            yield run
            run = []
        run.append(one)
    if run:
        yield run


def _values(place: Place) -> dict[str, str]:
    return {"company": str(place.company_id or ""), "title": place.title, "buying_role": place.buying_role}


def _holds(place: Place, changes: Sequence[Change]) -> bool:
    values = _values(place)
    return all(values[one.field] == one.new for one in changes)


def _without(place: Place, changes: Sequence[Change]) -> Place:
    values = _values(place) | {one.field: one.old for one in changes}
    company = values["company"]
    return place._replace(
        company_id=int(company) if company else None,
        title=values["title"],
        buying_role=values["buying_role"] or UNKNOWN_ROLE,
    )
