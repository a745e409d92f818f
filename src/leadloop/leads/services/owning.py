"""Who answers for a lead, without a move of stage."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from leadloop.kernel.errors import Refused
from leadloop.leads.contracts import CLOSED_STAGES, LeadRow
from leadloop.leads.facts import LeadOwned
from leadloop.leads.queries.rows import OPEN
from leadloop.leads.services.store import lock
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.ledger.sql import columns, fetch
from leadloop.platform.queries import users


def own(
    owners: Sequence[tuple[int, int]], *, actor: Actor, now: datetime, reason: str = "", version: int | None = None
) -> list[int]:
    """Give open leads, as (lead, new owner), to somebody else, with what their owner owes on them.

    Closed leads, unknown ones and those the owner has already are left alone; returns the ids that changed hands.
    `version` is the agreement's, where it was applied. Raises Refused when a new owner doesn't work here.
    """
    wanted = dict(owners)
    if not wanted:
        return []
    with transaction.atomic():
        leads = lock(wanted)
        active = users(ids=set(wanted.values()), active=True)
        if wanted.values() - active.keys():
            raise Refused("the new owner has no active account here", field="owner_id", mend="Choose a colleague")
        teams = {user_id: row.team_id for user_id, row in active.items()}
        going = [
            lead for lead in leads.values() if lead.stage not in CLOSED_STAGES and wanted[lead.id] != lead.owner_id
        ]
        _write([(lead.id, wanted[lead.id], teams[wanted[lead.id]], lead.owner_id) for lead in going])
        record([_fact(lead, wanted[lead.id], now, reason, version) for lead in going], actor=actor)
    return [lead.id for lead in going]


def hand_over_all(from_user: int, to_user: int, *, actor: Actor, now: datetime, reason: str = "") -> int:
    """Give everything somebody answers for to a colleague: open leads, and what is owed on others' leads.

    Returns the number of leads. Raises Refused when the colleague doesn't work here.
    """
    with transaction.atomic():
        found = fetch(f"select id from leads_lead where owner_id = %s and {OPEN} order by id", [from_user])
        changed = own([(lead_id, to_user) for (lead_id,) in found], actor=actor, now=now, reason=reason)
        fetch(
            "update leads_promise set owner_id = %s where owner_id = %s and state = 'running' returning id",
            [to_user, from_user],
        )
    return len(changed)


def _write(changes: Sequence[tuple[int, int, int | None, int]]) -> None:
    """Lead, new owner, new team, owner before."""
    if not changes:
        return
    lists = columns(changes)
    fetch(
        """
        update leads_lead l set owner_id = n.owner_id, team_id = n.team_id
          from unnest(%s::bigint[], %s::bigint[], %s::bigint[]) as n (id, owner_id, team_id)
         where l.id = n.id returning l.id
        """,
        lists[:3],
    )
    fetch(
        """
        update leads_promise p set owner_id = n.owner_id
          from unnest(%s::bigint[], %s::bigint[], %s::bigint[]) as n (lead_id, owner_id, before_id)
         where p.lead_id = n.lead_id and p.owner_id = n.before_id and p.state = 'running' returning p.id
        """,
        [lists[0], lists[1], lists[3]],
    )


def _fact(lead: LeadRow, owner_id: int, now: datetime, reason: str, version: int | None) -> LeadOwned:
    return LeadOwned(
        happened_at=now,
        person_id=lead.person_id,
        company_id=lead.company_id,
        lead_id=lead.id,
        programme_id=lead.programme_id,
        reason=reason,
        agreement_version=version,
        owner_id=owner_id,
        owner_before_id=lead.owner_id,
    )
