"""When people were last heard of or spoken to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from leadloop.leads.contracts import LeadRow
from leadloop.selling.queries import last_done


def last_touched(leads: Sequence[LeadRow]) -> dict[int, datetime]:
    """By person the latest moment of these leads; left out is who has none. One query."""
    done, found = last_done([lead.id for lead in leads]), dict[int, datetime]()
    for lead in leads:
        for moment in (lead.last_touch_at, done.get(lead.id)):
            if moment is not None:
                found[lead.person_id] = max(moment, found.get(lead.person_id, moment))
    return found
