"""Short ways to say in a story who is known."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.db import connection

from leadloop.ledger.contracts import by_system
from leadloop.people.contracts import ContactValue, NewCompany, NewPerson
from leadloop.people.services import remember, remember_companies
from tests.support.cast import MONDAY

NOW = MONDAY
ME = by_system("test")
_refs = count(1)


def told(
    given: str = "", family: str = "", *, emails: tuple[str, ...] = (), phones: tuple[str, ...] = (), **more: Any
) -> NewPerson:
    """A person as an inquiry tells of them; addresses are plain texts here."""
    return NewPerson(
        ref=next(_refs),
        given=given,
        family=family,
        emails=tuple(ContactValue(one, one.lower()) for one in emails),
        phones=tuple(ContactValue(one, one.replace(" ", "")) for one in phones),
        **more,
    )


def known(given: str = "", family: str = "", **more: Any) -> int:
    """Somebody who is in the database already."""
    one = told(given, family, **more)
    return remember([one], actor=ME, now=NOW)[one.ref]


def firm(name: str, **more: Any) -> int:
    """A firm that is in the database already."""
    one = NewCompany(ref=next(_refs), name=name, **more)
    return remember_companies([one], actor=ME, now=NOW)[one.ref]


def facts(kind: str, person_id: int | None = None) -> list[tuple[Any, ...]]:
    """(person, company, reason, payload) of the facts of a kind, in their order."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select person_id, company_id, reason, payload::text from ledger_event
             where kind = %s and (%s::bigint is null or person_id = %s) order by id
            """,
            [kind, person_id, person_id],
        )
        return cursor.fetchall()
