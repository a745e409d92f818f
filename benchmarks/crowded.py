"""A base of many people, with their keys and the blocks they are in, as intake and worker would leave them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any

import psycopg
from psycopg import sql

from leadloop.identity.rules.blocks import blocks
from leadloop.loop.simulator.words import FAMILY, GIVEN
from leadloop.people.contracts import Place, Profile
from leadloop.people.rules.names import folded, search_text

PER_FIRM, AT_ONCE = 8, 50_000
CITIES = ("Aachen", "Bremen", "Cork", "Dijon", "Essen", "Fulda", "Graz", "Hamm", "Ipswich", "Jena", "Kiel", "Lyon")
ENDINGS = ("", "mann", "sen", "er", "ova", "ski", "ini", "ez", "berg", "dottir", "feld", "hoff")
GIVEN_NAMES = tuple(dict.fromkeys(name for of in GIVEN.values() for name in of))
FAMILY_NAMES = tuple(dict.fromkeys(name + end for end in ENDINGS for of in FAMILY.values() for name in of))
# Some names are a hundred times as frequent as others, as they are.
_OFTEN = {
    names: tuple(accumulate(1 / (place + 10) for place in range(len(names)))) for names in (GIVEN_NAMES, FAMILY_NAMES)
}
_AT_FREE_MAIL = 0.1

Rows = Iterator[Sequence[Any]]


def profile(number: int) -> Profile:
    """The person of this number, the same every time."""
    dice = random.Random(number)
    given, family = (dice.choices(names, cum_weights=weights)[0] for names, weights in _OFTEN.items())
    firm = number // PER_FIRM + 1
    domain = "gmail.com" if dice.random() < _AT_FREE_MAIL else _domain(firm)
    local = f"{folded(given)}.{folded(family)}{number if domain == 'gmail.com' else number % PER_FIRM}"
    return Profile(
        id=number,
        given=given,
        family=family,
        emails=(f"{local}@{domain}",),
        phones=(f"+4930{10_000_000 + number}",),
        places=(Place(firm, f"firm {firm}", _domain(firm), ""),),
        city=dice.choice(CITIES),
        country="DE",
    )


def _domain(firm: int) -> str:
    return f"firm{firm:06d}.example"


def fill(into: psycopg.Connection[Any], count: int) -> None:
    """Write so many people, numbered from 1, with their firms, addresses, keys and blocks."""
    firms = range(1, count // PER_FIRM + 2)
    named = ((number, f"Firm {number}", f"firm {number}", _domain(number)) for number in firms)
    _copy(into, "people_company", ("id", "name", "name_key", "domain"), named)
    _copy(into, "identity_companykey", ("kind", "value", "company_id"), (("domain", _domain(n), n) for n in firms))
    for start in range(1, count + 1, AT_ONCE):
        people = [profile(number) for number in range(start, min(start + AT_ONCE, count + 1))]
        for table, columns, rows in TABLES:
            _copy(into, table, columns, (row for one in people for row in rows(one)))
    for table in ("people_person", "people_company"):
        into.execute(f"select setval('{table}_id_seq', (select max(id) from {table}))")
    into.commit()
    into.autocommit = True
    into.execute("vacuum analyze")


def _person(one: Profile) -> Rows:
    found_by = search_text(one.given, one.family, (*one.emails, *one.phones))
    yield one.id, one.given, one.family, one.city, one.country, found_by


def _addresses(one: Profile) -> Rows:
    yield one.id, "email", one.emails[0], one.emails[0], True
    yield one.id, "phone", one.phones[0], one.phones[0], True


def _position(one: Profile) -> Rows:
    yield one.id, one.places[0].company_id


def _keys(one: Profile) -> Rows:
    yield "email", one.emails[0], one.id
    yield "phone", one.phones[0], one.id


def _blocks(one: Profile) -> Rows:
    return ((block, one.id) for block in blocks(one))


TABLES: tuple[tuple[str, tuple[str, ...], Callable[[Profile], Rows]], ...] = (
    ("people_person", ("id", "given_name", "family_name", "city", "country", "search"), _person),
    ("people_contactpoint", ("person_id", "kind", "value", "norm", "is_primary"), _addresses),
    ("people_position", ("person_id", "company_id"), _position),
    ("identity_matchkey", ("kind", "value", "person_id"), _keys),
    ("identity_nearkey", ("block", "person_id"), _blocks),
)


def _copy(into: psycopg.Connection[Any], table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(table), names)
    with into.cursor() as cursor, cursor.copy(statement) as copying:
        for row in rows:
            copying.write_row(row)
