"""Facts as the routes are handed them, for tests of what follows from them."""

from __future__ import annotations

from typing import Any

from leadloop.ledger.contracts import Event, by_system
from leadloop.ledger.models import Event as Row
from leadloop.ledger.queries import events_by_id
from leadloop.ledger.services import record

MACHINE = by_system("routing")


def facts(*given: Any, actor: Any = MACHINE) -> list[Event]:
    """Record these facts and return them as routes get them."""
    last = Row.objects.order_by("-id").values_list("id", flat=True).first() or 0
    record(list(given), actor=actor)
    return events_by_id(list(Row.objects.filter(id__gt=last).values_list("id", flat=True)))
