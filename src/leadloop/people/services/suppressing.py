"""Addresses that nobody may use any more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.ledger.sql import columns, fetch
from leadloop.people.contracts import KIND_OF, Suppress
from leadloop.people.facts import AddressSuppressed
from leadloop.people.rules.digests import digest
from leadloop.people.rules.reaching import BOUNCED
from leadloop.people.services.locking import lock_addresses
from leadloop.people.sql import run

# An erasure outranks whatever the address was suppressed for before: imports ask for it (see `queries.erased`).
_INSERT = """
insert into people_suppression (channel, purpose, digest, reason, at)
select *, %s from unnest(%s::text[], %s::text[], %s::text[], %s::text[]) as s (channel, purpose, digest, reason)
 order by digest, channel, purpose
    on conflict (digest, channel, purpose) do update
   set reason = excluded.reason, at = excluded.at
 where excluded.reason = 'erased' and people_suppression.reason <> 'erased'
returning channel, purpose, digest
"""
_HOLDERS = """
select distinct a.kind, a.norm, c.person_id
  from unnest(%s::text[], %s::text[]) as a (kind, norm)
  join people_contactpoint c on c.norm = a.norm and c.kind = a.kind
"""
_BAD = """
update people_contactpoint c set bad_since = %s, bad_why = %s
  from unnest(%s::text[], %s::text[]) as a (kind, norm)
 where c.norm = a.norm and c.kind = a.kind and c.bad_since is null
"""
Place = tuple[str, str, str]  # channel, purpose, digest


def suppress(batch: Sequence[Suppress], *, actor: Actor, now: datetime) -> int:
    """Bar addresses from use; return how many were not barred already.

    Holds against every send whose transaction has not committed yet (see `locking.lock_for_send`), for persons who
    come to have the address later, and beyond erasure. A bounced address is also marked as failed.
    """
    asked = {(str(one.channel), one.purpose, digest(one.channel, one.norm)): one for one in batch}
    if not asked:
        return 0
    with transaction.atomic(savepoint=False):
        lock_addresses([one for _, _, one in asked])
        new = bar([(*place, one.reason) for place, one in asked.items()], now=now)
        _mark_bad([one for one in batch if one.reason == BOUNCED], now)
        _tell({place: asked[place] for place in new}, actor=actor, now=now)
    return len(new)


def bar(places: Sequence[tuple[str, str, str, str]], *, now: datetime) -> list[Place]:
    """Write suppressions as (channel, purpose, digest, reason); return the new ones. Needs the addresses' lock."""
    if not places:
        return []
    return [(channel, purpose, one) for channel, purpose, one in fetch(_INSERT, [now, *columns(places)])]


def _mark_bad(bounced: Sequence[Suppress], now: datetime) -> None:
    if bounced:
        kinds = [KIND_OF[one.channel] for one in bounced]
        run(_BAD, [now, BOUNCED, kinds, [one.norm for one in bounced]])


def _tell(new: Mapping[Place, Suppress], *, actor: Actor, now: datetime) -> None:
    """Record a fact for each person who has the address, one without a person where nobody does."""
    if not new:
        return
    kinds = [KIND_OF[one.channel] for one in new.values()]
    holders: dict[tuple[str, str], list[int]] = {}
    for kind, norm, person_id in fetch(_HOLDERS, [kinds, [one.norm for one in new.values()]]):
        holders.setdefault((kind, norm), []).append(person_id)
    facts = [
        AddressSuppressed(happened_at=now, person_id=person_id, reason=one.reason, channel=channel, purpose=purpose)
        for (channel, purpose, _), one in new.items()
        for person_id in holders.get((KIND_OF[one.channel], one.norm), [None])
    ]
    record(facts, actor=actor)
