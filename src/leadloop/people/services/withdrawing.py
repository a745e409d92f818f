"""Persons who were known from one import alone, when that import is taken back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import connection, transaction

from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.people.facts import PersonWithdrawn
from leadloop.people.services.erasing import BLANK
from leadloop.people.services.locking import lock
from leadloop.people.sql import run
from leadloop.people.stores import stores


def withdraw(person_ids: Collection[int], *, actor: Actor, now: datetime) -> list[int]:
    """Take persons out of every registered store, as an erasure does, and return them.

    Unlike an erasure nothing bars their addresses: nobody asked to be forgotten, and the next file may bring them
    again, as new persons. Stays: the id with its facts. Those erased or merged meanwhile are left alone.
    """
    if not person_ids:
        return []
    with transaction.atomic():
        gone = [one.id for one in lock(sorted(person_ids)).values() if one.is_whole]
        with connection.cursor() as cursor:
            for store in stores():
                store.erase(cursor, gone)
        run(BLANK, [now, gone])
        record([PersonWithdrawn(happened_at=now, person_id=i) for i in gone], actor=actor)
    return gone
