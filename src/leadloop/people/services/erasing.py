"""Erasure on request: everything personal goes, hashes of the addresses stay so that nobody is brought back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from leadloop.kernel.errors import NotFound
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.ledger.sql import fetch
from leadloop.people.contracts import EVERY_PURPOSE, Channel, Erased
from leadloop.people.facts import PersonErased
from leadloop.people.rules.digests import on_every_channel
from leadloop.people.services.locking import lock, lock_addresses
from leadloop.people.services.suppressing import bar
from leadloop.people.sql import run
from leadloop.people.stores import Cursor, register_store, stores

ERASED = "erased"
_ALL_IDS = """
with asked as (select coalesce(merged_into_id, id) as id from people_person where id = %s)
select p.id from people_person p join asked on asked.id in (p.id, p.merged_into_id) order by p.id
"""
BLANK = """
update people_person
   set given_name = '', family_name = '', language = '', zone = '', country = '', city = '', search = '',
       lookalike = false, attributes = '{}', erased_at = coalesce(erased_at, %s)
 where id = any(%s)
"""
_TOMBSTONE = """
insert into people_tombstone (person_id, digests, actor, at)
select id, %s::text[], %s, %s from unnest(%s::bigint[]) as id
    on conflict (person_id) do update
   set digests = (select array_agg(distinct d order by d) from unnest(people_tombstone.digests || excluded.digests) d)
"""


def forget(*, person_id: int, actor: Actor, now: datetime, reason: str = "") -> Erased:
    """Erase a person, under all the ids that were merged into one, from every registered store.

    Stays: the id with its facts (which hold no personal data), consent words, a tombstone, and suppressions of every
    address by hash for every purpose. Doing it again takes away what has come in since. `reason` is a code: it stands
    on the ledger for good. Raises NotFound for an unknown person.
    """
    with transaction.atomic():
        ids = _lock_all(person_id)
        addresses = fetch("select kind, norm from people_contactpoint where person_id = any(%s)", [ids])
        hashes = on_every_channel(addresses)
        lock_addresses([one for _, one in hashes])
        with connection.cursor() as cursor:
            touched = {store.name: store.erase(cursor, ids) for store in stores()}
        run(BLANK, [now, ids])
        run(_TOMBSTONE, [[one for _, one in hashes], actor, now, ids])
        _bar(hashes, now)
        facts = [
            PersonErased(happened_at=now, person_id=i, reason=reason, dedupe_key=f"person.erased:{i}") for i in ids
        ]
        record(facts, actor=actor)
    return Erased(tuple(ids), touched)


def all_ids(person_id: int) -> list[int]:
    """Return every id under which a person is known, in ascending order; empty for an unknown person."""
    return [one for (one,) in fetch(_ALL_IDS, [person_id])]


def _lock_all(person_id: int) -> list[int]:
    """Lock a person under all ids; a merge may add some while we wait, so look again."""
    ids = all_ids(person_id)
    while ids:
        lock(ids)
        if (again := all_ids(person_id)) == ids:
            return ids
        ids = again
    raise NotFound("There is no such person.")


def _bar(hashes: Sequence[tuple[Channel, str]], now: datetime) -> None:
    bar([(str(channel), EVERY_PURPOSE, one, ERASED) for channel, one in hashes], now=now)


def _erase_own(cursor: Cursor, person_ids: list[int]) -> int:
    """Take away what hangs on the person's row in this room; the row itself is blanked by `forget`."""
    touched = 0
    for statement in (
        "delete from people_contactpoint where person_id = any(%s)",
        "delete from people_position where person_id = any(%s)",
        "delete from people_externalid where person_id = any(%s)",
        "delete from people_fieldhistory where subject = 'person' and subject_id = any(%s)",
        "update people_confirmation set confirmed_from = '' where person_id = any(%s) and confirmed_from <> ''",
    ):
        cursor.execute(statement, [person_ids])
        touched += cursor.rowcount
    return touched


register_store("people", _erase_own, says="names, addresses, positions and what changed in them")
