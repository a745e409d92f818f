"""Whose deals are whose, when two companies become one or are parted again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.selling.facts import OpportunityChanged
from leadloop.selling.sql import fetch


def move_company(
    from_id: int, to_id: int, *, deal_ids: Collection[int] | None = None, actor: Actor, now: datetime
) -> list[int]:
    """Hand the deals of one company (or these of them) to another, and return their ids. Two statements."""
    with transaction.atomic():
        only = None if deal_ids is None else sorted(deal_ids)
        found = fetch(
            """
            with locked as materialized (
                select id from selling_opportunity
                 where company_id = %s and (%s::bigint[] is null or id = any(%s)) order by id for no key update
            )
            update selling_opportunity o set company_id = %s from locked where o.id = locked.id
            returning o.id, o.person_id
            """,
            [from_id, only, only, to_id],
        )
        changes = {"company_id": [str(from_id), str(to_id)]}
        facts = [
            OpportunityChanged(happened_at=now, opportunity_id=i, company_id=to_id, person_id=person, changes=changes)
            for i, person in sorted(found)
        ]
        record(facts, actor=actor)
    return [fact.opportunity_id for fact in facts if fact.opportunity_id is not None]


def deals_since(company_id: int, known: Collection[int]) -> list[tuple[int, str, int | None, int | None]]:
    """The company's deals beside those known: (id, name, primary lead, person). One query."""
    found = fetch(
        """
        select o.id, o.name, k.lead_id, o.person_id from selling_opportunity o
          left join selling_opportunitylead k on k.opportunity_id = o.id and k.is_primary
         where o.company_id = %s and not o.id = any(%s) order by o.id
        """,
        [company_id, list(known)],
    )
    return [(row[0], row[1], row[2], row[3]) for row in found]
