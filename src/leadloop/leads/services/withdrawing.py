"""Leads that came with an import which is taken back: closed, whatever stage they stood at, as if never begun."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from leadloop.leads.contracts import PromiseState, Stage
from leadloop.leads.services import telling
from leadloop.leads.services.shapes import Settlement, closed_head
from leadloop.leads.services.store import lock, running, write_heads, write_settled
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record

REASON = "import_undone"


def withdraw(lead_ids: Collection[int], *, verb: str, actor: Actor, now: datetime) -> list[int]:
    """Close these leads as disqualified, reason `import_undone`, and return those it closed.

    No move by the table of moves: like every taking back it goes from any stage, and says so in its fact. What was
    promised is dropped. Merged leads are left alone. A constant number of queries.
    """
    with transaction.atomic():
        leads = {i: row for i, row in lock(lead_ids).items() if row.stage is not Stage.MERGED}
        owed = running(leads)
        dropped = [Settlement(row, PromiseState.DROPPED, row.owner_id) for rows in owed.values() for row in rows]
        write_settled(dropped, now)
        write_heads([closed_head(leads[lead_id], Stage.DISQUALIFIED, REASON, now) for lead_id in sorted(leads)])
        moved = [
            telling.closed(row, Stage.DISQUALIFIED, REASON, now, verb)
            for row in leads.values()
            if row.stage is not Stage.DISQUALIFIED
        ]
        record([*moved, *telling.settled(dropped, leads, now, REASON)], actor=actor)
    return sorted(leads)
