"""Taking back that an address may not be used: it works again, or the report about it was mistaken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.ledger.sql import columns, fetch
from leadloop.people.contracts import KIND_OF, Suppress
from leadloop.people.facts import AddressLifted
from leadloop.people.rules.digests import digest
from leadloop.people.rules.reaching import BOUNCED
from leadloop.people.services.locking import lock_addresses
from leadloop.people.sql import run

_DELETE = """
delete from people_suppression s
 using unnest(%s::text[], %s::text[], %s::text[], %s::text[]) as given (channel, purpose, digest, reason)
 where s.channel = given.channel and s.purpose = given.purpose and s.digest = given.digest and s.reason = given.reason
returning s.channel, s.purpose, s.digest
"""
_MEND = """
update people_contactpoint c set bad_since = null, bad_why = ''
  from unnest(%s::text[], %s::text[]) as a (kind, norm)
 where c.norm = a.norm and c.kind = a.kind and c.bad_why = %s
"""


def lift(batch: Sequence[Suppress], *, actor: Actor, now: datetime) -> int:
    """Let addresses be used again that were barred for exactly this reason; return how many were.

    What stands for another reason stays: whoever unsubscribed or was erased is not brought back by mending a bounce.
    An address that had bounced counts as working again.
    """
    asked = {(str(one.channel), one.purpose, digest(one.channel, one.norm)): one for one in batch}
    if not asked:
        return 0
    with transaction.atomic(savepoint=False):
        lock_addresses([one for _, _, one in asked])
        found = fetch(_DELETE, columns((*place, one.reason) for place, one in asked.items()))
        bounced = [one for one in batch if one.reason == BOUNCED]
        if bounced:
            run(_MEND, [[KIND_OF[one.channel] for one in bounced], [one.norm for one in bounced], BOUNCED])
        facts = [
            AddressLifted(happened_at=now, reason=asked[place].reason, channel=place[0], purpose=place[1])
            for place in sorted(found)
        ]
        record(facts, actor=actor)
    return len(found)
