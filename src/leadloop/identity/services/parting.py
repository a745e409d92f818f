"""Two records are said not to be the same person."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from leadloop.identity.services.locking import lock_two
from leadloop.ledger.contracts import Actor
from leadloop.ledger.sql import fetch

_INSERT = """
insert into identity_nevermerge (low_id, high_id, actor, at) values (%s, %s, %s, %s)
    on conflict (low_id, high_id) do nothing returning 1
"""
_SETTLE = """
update identity_suggestion set state = 'never', decided_by = %s, decided_at = %s
 where low_id = %s and high_id = %s and state <> 'never' returning 1
"""


def never_merge(*, one_id: int, other_id: int, actor: Actor, now: datetime) -> None:
    """Keep that two persons are not the same, however alike they look; saying it again changes nothing.

    A suggestion that they are one is decided by it.

    Raises NotFound for an unknown id, Conflict where both are one person already.
    """
    with transaction.atomic():
        one, other = lock_two(one_id, other_id)
        pair = sorted((one.id, other.id))
        fetch(_INSERT, [*pair, actor, now])
        fetch(_SETTLE, [actor, now, *pair])
