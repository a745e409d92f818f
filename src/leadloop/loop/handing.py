"""Which leads go to sales by themselves: what became qualified, and what a portal hands over whatever it is."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from leadloop.agreement.contracts import Terms
from leadloop.distribution import services as distribution
from leadloop.ledger.contracts import by_system

ROUTING = by_system("routing")


def hand_over(ready: Collection[int], direct: Collection[int], *, terms: Terms, now: datetime) -> None:
    """Hand over what is qualified, then what goes to sales before anybody judged it; what has moved on stays there."""
    distribution.assign(ready, terms=terms, actor=ROUTING, now=now)
    distribution.assign(direct, terms=terms, actor=ROUTING, now=now, skip_reason="portal_hands_over")
