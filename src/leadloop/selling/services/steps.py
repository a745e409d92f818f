"""The next step of a deal stands on its leads as a promise, so that one worklist shows all that is due."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from leadloop.leads import services as leads
from leadloop.leads.contracts import Ask, PromiseKind
from leadloop.ledger.contracts import Actor


def promise_step(lead_ids: Iterable[int], *, at: datetime, note: str, actor: Actor, now: datetime) -> None:
    """The owners of these leads promise the next step; a running one gives way. No query for no leads."""
    asks = [Ask(lead_id, PromiseKind.NEXT_STEP, None, at, note) for lead_id in lead_ids]
    if asks:
        leads.promise(asks, actor=actor, now=now)
