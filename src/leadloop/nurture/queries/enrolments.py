"""Who is on which journey."""

from __future__ import annotations

from collections.abc import Iterable

from leadloop.nurture.contracts import EnrolmentRow
from leadloop.nurture.sql import fetch

_COLUMNS = """
e.id, e.lead_id, e.person_id, e.journey_id, j.key, j.version, j.name, e.node, e.state, e.due_at, e.entered_at,
e.left_at, e.reason, e.steps
"""
_FROM = "nurture_enrolment e join nurture_journey j on j.id = e.journey_id"


def on_journeys(lead_ids: Iterable[int]) -> dict[int, EnrolmentRow]:
    """Where those of these leads stand that are on a journey now. One query."""
    found = fetch(f"select {_COLUMNS} from {_FROM} where e.lead_id = any(%s) and e.state = 'waiting'", [list(lead_ids)])
    return {row.lead_id: row for row in (EnrolmentRow(*values) for values in found)}


def enrolments(lead_ids: Iterable[int]) -> dict[int, list[EnrolmentRow]]:
    """All journeys of these leads, the newest first. One query."""
    rows: dict[int, list[EnrolmentRow]] = {lead_id: [] for lead_id in lead_ids}
    found = fetch(f"select {_COLUMNS} from {_FROM} where e.lead_id = any(%s) order by e.id desc", [list(rows)])
    for row in (EnrolmentRow(*values) for values in found):
        rows[row.lead_id].append(row)
    return rows


def standing_at(journey_id: int) -> dict[str, int]:
    """How many leads wait at each node of a version; nodes without any are left out. One query."""
    return dict(
        fetch(
            "select node, count(*) from nurture_enrolment where journey_id = %s and state = 'waiting' group by node",
            [journey_id],
        )
    )


def leads_on(journey_id: int, limit: int = 10_000) -> list[int]:
    """The leads that wait on this version of a journey, at most so many. One query."""
    found = fetch(
        "select lead_id from nurture_enrolment where journey_id = %s and state = 'waiting' order by lead_id limit %s",
        [journey_id, limit],
    )
    return [lead_id for (lead_id,) in found]
