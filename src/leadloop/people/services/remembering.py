"""New persons and firms: a batch in a handful of statements."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from operator import attrgetter

from django.db import transaction

from leadloop.ledger.contracts import Actor
from leadloop.ledger.copying import copy
from leadloop.ledger.services import record
from leadloop.ledger.sql import columns, fetch
from leadloop.people.contracts import ContactValue, NewCompany, NewPerson
from leadloop.people.facts import CompanyRemembered, PersonRemembered
from leadloop.people.rules.filling import has_place
from leadloop.people.rules.names import search_text
from leadloop.people.sql import run, to_json

_PERSON = (
    "id", "given_name", "family_name", "language", "zone", "country", "city", "search", "lookalike", "attributes",
    "created_at",
)  # fmt: skip
_ADDRESS = ("person_id", "kind", "value", "norm", "is_primary", "disposable")
_POSITION = ("person_id", "company_id", "title", "buying_role", "is_primary")
_EXTERNAL = """
insert into people_externalid (person_id, system, kind, external_id)
select person_id, system, 'person', external_id from unnest(%s::bigint[], %s::text[], %s::text[])
       as e (person_id, system, external_id)
 order by system, external_id
    on conflict (system, kind, external_id) do nothing
"""
_COMPANY = (
    "id", "name", "name_key", "domain", "website", "industry", "employees", "country", "city", "attributes",
    "created_at",
)  # fmt: skip
_PERSON_VALUES = attrgetter("given", "family", "language", "zone", "country", "city")
_COMPANY_VALUES = attrgetter("name", "name_key", "domain", "website", "industry", "employees", "country", "city")
Address = tuple[int, str, ContactValue, bool]  # person, kind, address, is primary


def allocate_ids(n: int) -> list[int]:
    """Return `n` person ids that nobody else will get; ids that stay unused are simply skipped."""
    return _next("people_person", n)


def allocate_company_ids(n: int) -> list[int]:
    """The same for firms."""
    return _next("people_company", n)


def remember(
    people: Sequence[NewPerson], *, actor: Actor, now: datetime, person_ids: Mapping[int, int] | None = None
) -> dict[int, int]:
    """Write persons that are not known yet, and return their ids by ref.

    `person_ids` gives ids by ref that `allocate_ids` made. The caller has made sure that they are new (see
    `identity`). An address that is suppressed stays so: suppressions are kept by hash, apart from persons.
    """
    if not people:
        return {}
    ids = dict(person_ids or zip([one.ref for one in people], allocate_ids(len(people)), strict=True))
    with transaction.atomic(savepoint=False):
        _write_persons(people, ids, now)
        write_addresses([address for one in people for address in _addresses(one, ids[one.ref])])
        write_positions([(ids[p.ref], p.company_id, p.title, p.buying_role, True) for p in people if has_place(p)])
        write_external([(ids[one.ref], *pair) for one in people for pair in one.external])
        record(
            [PersonRemembered(happened_at=now, person_id=ids[one.ref], company_id=one.company_id) for one in people],
            actor=actor,
        )
    return {one.ref: ids[one.ref] for one in people}


def remember_companies(
    companies: Sequence[NewCompany],
    *,
    actor: Actor,
    now: datetime,
    company_ids: Mapping[int, int] | None = None,
) -> dict[int, int]:
    """Write firms that are not known yet, and return their ids by ref; `company_ids` as for persons."""
    if not companies:
        return {}
    refs = [one.ref for one in companies]
    ids = dict(company_ids or zip(refs, allocate_company_ids(len(refs)), strict=True))
    with transaction.atomic(savepoint=False):
        rows = ((ids[one.ref], *_COMPANY_VALUES(one), to_json(one.attributes), now) for one in companies)
        copy("people_company", _COMPANY, rows)
        record([CompanyRemembered(happened_at=now, company_id=ids[ref]) for ref in refs], actor=actor)
    return {ref: ids[ref] for ref in refs}


def write_addresses(addresses: Sequence[Address]) -> None:
    """Add addresses that these persons don't have yet."""
    copy(
        "people_contactpoint",
        _ADDRESS,
        ((i, kind, c.value, c.norm, first, c.disposable) for i, kind, c, first in addresses),
    )


def write_positions(positions: Sequence[tuple[int, int | None, str, str, bool]]) -> None:
    """Add positions as (person, company, title, buying role, is primary)."""
    copy("people_position", _POSITION, positions)


def write_external(external: Sequence[tuple[int, str, str]]) -> None:
    """Add other systems' ids as (person, system, id); one that stands already is left alone."""
    if external:
        run(_EXTERNAL, columns(external))


def _write_persons(people: Sequence[NewPerson], ids: Mapping[int, int], now: datetime) -> None:
    copy("people_person", _PERSON, (_person(one, ids[one.ref], now) for one in people))


def _person(one: NewPerson, person_id: int, now: datetime) -> tuple[object, ...]:
    found_by = search_text(one.given, one.family, [contact.norm for contact in (*one.emails, *one.phones)])
    return (person_id, *_PERSON_VALUES(one), found_by, one.lookalike, to_json(one.attributes), now)


def _addresses(one: NewPerson, person_id: int) -> list[Address]:
    return [
        (person_id, kind, contact, place == 0)
        for kind, contacts in (("email", one.emails), ("phone", one.phones))
        for place, contact in enumerate(_distinct(contacts))
    ]


def _distinct(contacts: Sequence[ContactValue]) -> Collection[ContactValue]:
    """Return the addresses without repetitions, the first of each."""
    if len(contacts) < 2:
        return contacts
    first: dict[str, ContactValue] = {}
    for contact in contacts:
        first.setdefault(contact.norm, contact)
    return first.values()


def _next(table: str, n: int) -> list[int]:
    if not n:
        return []
    drawn = fetch(f"select nextval('{table}_id_seq') from generate_series(1, %s)", [n])
    return [one for (one,) in drawn]
