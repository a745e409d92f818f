"""What further inquiries add to persons and firms that are known: gaps are filled, nothing is overwritten."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.ledger.sql import fetch
from leadloop.people.contracts import NewPerson
from leadloop.people.facts import PersonChanged
from leadloop.people.rules.filling import TEXTS, Known, News, Place, missing
from leadloop.people.rules.names import search_text
from leadloop.people.services.history import write_history
from leadloop.people.services.locking import lock_to_change
from leadloop.people.services.remembering import write_addresses, write_external, write_positions
from leadloop.people.sql import from_json, run, to_json

_LOAD = f"""
select p.id, {", ".join(TEXTS)}, lookalike, p.attributes::text,
       (select json_agg(json_build_array(c.kind, c.norm, c.is_primary) order by c.id)::text
          from people_contactpoint c where c.person_id = p.id),
       (select json_agg(json_build_array(o.id, o.company_id, o.title, o.buying_role, o.is_primary) order by o.id)::text
          from people_position o where o.person_id = p.id),
       (select json_agg(json_build_array(e.system, e.external_id))::text
          from people_externalid e where e.person_id = p.id)
  from people_person p where p.id = any(%s) and p.erased_at is null
"""
_PERSONS = f"""
update people_person p
   set {", ".join(f"{column} = n.{column}" for column in TEXTS)},
       lookalike = n.lookalike, search = n.search, attributes = p.attributes || n.attributes::jsonb
  from unnest(%s::bigint[], {", ".join("%s::text[]" for _ in TEXTS)}, %s::boolean[], %s::text[], %s::text[])
       as n (id, {", ".join(TEXTS)}, lookalike, search, attributes)
 where p.id = n.id
"""
_POSITIONS = """
update people_position o
   set company_id = n.company_id, title = n.title, buying_role = n.buying_role
  from unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[]) as n (id, company_id, title, buying_role)
 where o.id = n.id
"""


def fill_in(
    people: Sequence[tuple[int, NewPerson]], *, actor: Actor, now: datetime, source: str
) -> dict[int, list[str]]:
    """Add what (person id, person) pairs tell and is not yet known; return the changed fields by person.

    Adds addresses, further positions and values of empty fields; never overwrites. What is known already is only
    read: no row is locked or written for it. Erased persons and shells of merged ones are left alone.
    """
    told: dict[int, list[NewPerson]] = {}
    for person_id, one in people:
        told.setdefault(person_id, []).append(one)
    if not told:
        return {}
    with transaction.atomic(savepoint=False):
        first_look = _news(told)
        if not first_look:
            return {}
        standing = lock_to_change([known.id for known, _ in first_look])
        whole = {i: told[i] for i, one in standing.items() if one.id == i and not one.erased}
        found = _news(whole)
        write(found, actor=actor, now=now, source=source)
    return {known.id: news.fields for known, news in found}


def load(person_ids: Iterable[int]) -> dict[int, Known]:
    """Return what is stored of these persons; ids that don't exist or are erased are left out."""
    return {row[0]: _known(*row) for row in fetch(_LOAD, [list(person_ids)])}


def write(found: Sequence[tuple[Known, News]], *, actor: Actor, now: datetime, source: str) -> None:
    """Write the news of persons that are locked; the field history and the facts come along."""
    _write_persons([(known, news) for known, news in found if news.touches_person])
    write_addresses(
        [(known.id, new.kind, new.contact, new.is_primary) for known, news in found for new in news.addresses]
    )
    places = [(known.id, place) for known, news in found for place in news.places]
    write_positions([(i, p.company_id, p.title, p.buying_role, p.is_primary) for i, p in places if p.id is None])
    write_places([place for _, place in places if place.id is not None])
    write_external([(known.id, *pair) for known, news in found for pair in news.external])
    history = [("person", known.id, *entry) for known, news in found for entry in news.history]
    write_history(history, actor=actor, now=now, source=source)
    record(
        [PersonChanged(happened_at=now, person_id=known.id, fields=news.fields) for known, news in found],
        actor=actor,
    )


def _news(told: Mapping[int, Sequence[NewPerson]]) -> list[tuple[Known, News]]:
    """Return the persons who have news, in the order of their ids."""
    stored = load(told)
    both = ((stored[person_id], missing(stored[person_id], told[person_id])) for person_id in sorted(stored))
    return [(known, news) for known, news in both if news]


def _write_persons(found: Sequence[tuple[Known, News]]) -> None:
    if not found:
        return
    texts = [{**known.texts, **news.texts} for known, news in found]
    norms = [
        [*(norm for _, norm in known.addresses), *(new.contact.norm for new in news.addresses)] for known, news in found
    ]
    run(
        _PERSONS,
        [
            [known.id for known, _ in found],
            *([text[column] for text in texts] for column in TEXTS),
            [known.lookalike or news.lookalike for known, news in found],
            [search_text(t["given_name"], t["family_name"], norm) for t, norm in zip(texts, norms, strict=True)],
            [to_json(news.attributes) for _, news in found],
        ],
    )


def write_places(places: Sequence[Place]) -> None:
    if places:
        columns = zip(*((p.id, p.company_id, p.title, p.buying_role) for p in places), strict=True)
        run(_POSITIONS, [list(column) for column in columns])


def _known(*row: Any) -> Known:
    person_id, *texts, lookalike, attributes, points, places, external = row
    addresses = from_json(points) or []
    return Known(
        id=person_id,
        texts=dict(zip(TEXTS, texts, strict=True)),
        attributes=from_json(attributes),
        lookalike=lookalike,
        addresses=tuple([(kind, norm) for kind, norm, _ in addresses]),
        with_primary=frozenset([kind for kind, _, is_primary in addresses if is_primary]),
        places=tuple([Place(*place) for place in from_json(places) or []]),
        external=frozenset(map(tuple, from_json(external) or [])),
    )
