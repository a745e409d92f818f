"""Who had which lead, and why."""

from __future__ import annotations

from collections.abc import Iterable

from leadloop.distribution.contracts import AssignmentRow, AssignmentState, How
from leadloop.distribution.models import Assignment
from leadloop.ledger.sql import fetch

_REFUSALS = """
select lead_id, user_id from distribution_assignment where lead_id = any(%s::bigint[]) and state = any(%s::text[])
"""
GAVE_UP = (AssignmentState.REJECTED, AssignmentState.PULLED_BACK)


def refusals(lead_ids: Iterable[int]) -> dict[int, set[int]]:
    """Users who rejected each lead or had it pulled back; leads that nobody refused are left out. One query."""
    found: dict[int, set[int]] = {}
    for lead_id, user_id in fetch(_REFUSALS, [list(lead_ids), list(map(str, GAVE_UP))]):
        found.setdefault(lead_id, set()).add(user_id)
    return found


def assignments(lead_ids: Iterable[int]) -> dict[int, list[AssignmentRow]]:
    """Every hand-over of each lead with its decision, the newest first. One query."""
    found: dict[int, list[AssignmentRow]] = {lead_id: [] for lead_id in lead_ids}
    for row in Assignment.objects.filter(lead_id__in=list(found)).order_by("-id"):
        found[row.lead_id].append(
            AssignmentRow(
                id=row.id,
                lead_id=row.lead_id,
                pool_id=row.pool_id,
                user_id=row.user_id,
                from_user_id=row.from_user_id,
                rule=row.rule,
                how=How(row.how),
                log=row.log,
                state=AssignmentState(row.state),
                offered_at=row.offered_at,
                settled_at=row.settled_at,
                reason=row.reason,
            )
        )
    return found
