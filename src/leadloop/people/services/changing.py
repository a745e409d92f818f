"""Changes to a person by hand. The old values are returned: giving these back undoes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from django.db import transaction

from leadloop.kernel.errors import Conflict, NotFound
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.people.facts import PersonChanged
from leadloop.people.rules.changing import ATTRIBUTE, person_changes, poses
from leadloop.people.rules.filling import TEXTS, UNKNOWN_ROLE, Known, Place
from leadloop.people.rules.holding import PLACE_FIELDS
from leadloop.people.rules.names import search_text
from leadloop.people.services.filling import load, write_places
from leadloop.people.services.history import write_history
from leadloop.people.services.locking import lock_to_change
from leadloop.people.services.remembering import write_positions
from leadloop.people.sql import run, to_json

BY_HAND = "by hand"
_UPDATE = f"""
update people_person set {", ".join(f"{column} = %s" for column in TEXTS)}, lookalike = %s, search = %s,
       attributes = %s::jsonb where id = %s
"""


def change_fields(
    *, person_id: int, changes: Mapping[str, Any], actor: Actor, now: datetime, source: str = BY_HAND
) -> dict[str, Any]:
    """Set fields of a person and return the old values of those that changed.

    Fields: given_name, family_name, language, zone, country, city; title and buying_role of the main position;
    "attributes.<key>", where None takes it away. An id that was merged means the survivor. Raises Invalid for a
    field or value that doesn't fit, NotFound for an unknown person, Conflict for an erased one.
    """
    clean = person_changes(changes)
    with transaction.atomic():
        known = _locked(person_id)
        before = {name: _value(known, name) for name in clean}
        changed = {name: value for name, value in clean.items() if value != before[name]}
        if changed:
            _write_person(known, changed)
            _write_place(known, changed)
            history = [("person", known.id, n, _text(before[n]), _text(v)) for n, v in changed.items()]
            via_id = person_id if person_id != known.id else None
            typed = [None if isinstance(v, str) else orjson.dumps(v).decode() for v in changed.values()]
            write_history(history, actor=actor, now=now, source=source, via_id=via_id, typed=typed)
            record([PersonChanged(happened_at=now, person_id=known.id, fields=list(changed))], actor=actor)
    return {name: before[name] for name in changed}


def _locked(person_id: int) -> Known:
    standing = lock_to_change([person_id]).get(person_id)
    if standing is None:
        raise NotFound("There is no such person.")
    if standing.erased:
        raise Conflict("This person was erased on request.", mend="Nothing can be kept about them any more.")
    return load([standing.id])[standing.id]


def _value(known: Known, name: str) -> Any:
    if name.startswith(ATTRIBUTE):
        return known.attributes.get(name.removeprefix(ATTRIBUTE))
    return getattr(_place(known), name) if name in PLACE_FIELDS else known.texts[name]


def _place(known: Known) -> Place:
    first = Place(id=None, company_id=None, title="", buying_role=UNKNOWN_ROLE, is_primary=True)
    return next((place for place in known.places if place.is_primary), first)


def _write_person(known: Known, changed: Mapping[str, Any]) -> None:
    texts = {column: changed.get(column, known.texts[column]) for column in TEXTS}
    own = {name.removeprefix(ATTRIBUTE): v for name, v in changed.items() if name.startswith(ATTRIBUTE)}
    attributes = {key: value for key, value in {**known.attributes, **own}.items() if value is not None}
    given, family = texts["given_name"], texts["family_name"]
    found_by = search_text(given, family, [norm for _, norm in known.addresses])
    run(_UPDATE, [*texts.values(), poses(given, family), found_by, to_json(attributes), known.id])


def _write_place(known: Known, changed: Mapping[str, Any]) -> None:
    if changed.keys().isdisjoint(PLACE_FIELDS):
        return
    place = _place(known)
    title, role = (changed.get(name, getattr(place, name)) for name in PLACE_FIELDS)
    if place.id is None:
        write_positions([(known.id, None, title, role, True)])
    else:
        write_places([Place(place.id, place.company_id, title, role, place.is_primary)])


def _text(value: Any) -> str:
    return "" if value is None else str(value)
