"""Telephone numbers that turned out to be somebody else's."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.ledger.sql import fetch
from leadloop.people.facts import PersonChanged
from leadloop.people.queries.persons import contact_points
from leadloop.people.rules.reaching import address_of
from leadloop.people.services.locking import lock_to_change

WRONG = "wrong_number"

_FAIL = """
update people_contactpoint set bad_since = %s, bad_why = %s
 where id = any(%s) and bad_since is null returning id, person_id
"""
_MEND = """
update people_contactpoint set bad_since = null, bad_why = ''
 where id = any(%s) and bad_why = %s returning id, person_id
"""


def fail_numbers(person_ids: Collection[int], *, actor: Actor, now: datetime) -> list[int]:
    """Mark the number on which each person would be called as not theirs; return the ids of what was marked.

    Says nothing of others who have the same number. A further number of the person is what counts from then on.
    """
    with transaction.atomic():
        known = [one.id for one in lock_to_change(sorted(person_ids)).values() if not one.erased]
        points = contact_points(known).values()
        chosen = [address_of([point for point in of if point.kind == "phone"]) for of in points]
        marked = fetch(_FAIL, [now, WRONG, sorted(point.id for point in chosen if point)])
        _tell({person_id for _, person_id in marked}, actor, now)
    return sorted(point_id for point_id, _ in marked)


def mend_numbers(point_ids: Collection[int], *, actor: Actor, now: datetime) -> list[int]:
    """Take such a mark back; numbers that are fine or failed otherwise stay as they are."""
    if not point_ids:
        return []
    with transaction.atomic():
        mended = fetch(_MEND, [sorted(point_ids), WRONG])
        _tell({person_id for _, person_id in mended}, actor, now)
    return sorted(point_id for point_id, _ in mended)


def _tell(person_ids: Collection[int], actor: Actor, now: datetime) -> None:
    record([PersonChanged(happened_at=now, person_id=one, fields=["phone"]) for one in sorted(person_ids)], actor=actor)
