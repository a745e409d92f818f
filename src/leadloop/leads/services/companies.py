"""Whose leads are whose, when two companies become one or are parted again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from leadloop.leads.facts import LeadMovedCompany
from leadloop.leads.services.store import lock
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.ledger.sql import fetch


def move_company(
    from_id: int, to_id: int, *, lead_ids: Collection[int] | None = None, actor: Actor, now: datetime
) -> list[int]:
    """Bring the leads of one company (or these of them) over to another, and return their ids. Four queries."""
    with transaction.atomic():
        only = None if lead_ids is None else list(lead_ids)
        found = fetch(
            "select id from leads_lead where company_id = %s and (%s::bigint[] is null or id = any(%s))",
            [from_id, only, only],
        )
        moving = {i: lead for i, lead in lock([i for (i,) in found]).items() if lead.company_id == from_id}
        if moving:
            fetch("update leads_lead set company_id = %s where id = any(%s) returning id", [to_id, sorted(moving)])
            facts = [
                LeadMovedCompany(
                    happened_at=now,
                    person_id=lead.person_id,
                    company_id=to_id,
                    lead_id=lead.id,
                    before_company_id=from_id,
                )
                for _, lead in sorted(moving.items())
            ]
            record(facts, actor=actor)
    return sorted(moving)
