"""Sharing leads out over a pool that a person has named."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from leadloop.agreement.contracts import Terms
from leadloop.distribution import rules
from leadloop.distribution.contracts import Assigned, How
from leadloop.distribution.queries import pools, refusals
from leadloop.distribution.services import seats
from leadloop.distribution.services.assigning import Choice, hand_over, in_turn
from leadloop.kernel.decision import Reason
from leadloop.kernel.errors import NotFound
from leadloop.ledger.contracts import Actor


def share_out(
    lead_ids: Iterable[int], *, pool_id: int, terms: Terms, actor: Actor, now: datetime, skip_reason: str = ""
) -> list[Assigned]:
    """Hand leads over to the people of a pool in their turn, whatever the routing rules say of them.

    Leads that don't wait for sales are left alone. Where nobody of the pool can take a lead, its named fallback does.
    Raises NotFound for an unknown pool. A constant number of queries.
    """
    pool = pools().get(pool_id)
    if pool is None:
        raise NotFound(f"There is no pool {pool_id}", field="pool", mend="Choose one from the list")
    why = Reason("by_hand", f"{actor} chose the pool {pool.key}")
    with transaction.atomic():
        ready = in_turn(set(lead_ids))
        turns = rules.Rotation(seats.lock([pool], now)[pool.key].seats)
        refused = refusals([row.id for row in ready])
        choices = []
        for row in ready:
            turn = turns.choose(refused_by=refused.get(row.id, ()))
            if turn.outcome is None:
                choices.append(Choice(row, pool.fallback_id, How.FALLBACK, "", pool.id, (why, *turn.reasons)))
            else:
                choices.append(Choice(row, turn.outcome.user_id, How.ROTATION, "", pool.id, (why, *turn.reasons)))
        return hand_over(choices, None, skip_reason, terms, actor, now)
