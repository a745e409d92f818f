"""Who had which lead, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields

from leadloop.distribution.contracts import AssignmentRow, AssignmentState, How
from leadloop.ledger.reads import Read, Rows, ask
from leadloop.ledger.sql import fetch

# Lead by lead through the index, though reading the whole table may look cheaper while it grows.
_REFUSALS = """
select w.lead_id, a.user_id
  from unnest(%s::bigint[]) as w (lead_id)
 cross join lateral (
       select user_id from distribution_assignment a
        where a.lead_id = w.lead_id and a.state = any(%s::text[]) offset 0) a
"""
_FIELDS = tuple(field.name for field in fields(AssignmentRow))
_OF_LEADS = f"""
select {", ".join(_FIELDS)} from distribution_assignment where lead_id = any(%s::bigint[]) order by id desc
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
    return ask(assignments_read(lead_ids))


def assignments_read(lead_ids: Iterable[int]) -> Read[dict[int, list[AssignmentRow]]]:
    """What `assignments` asks, to be asked together with others."""
    ids = list(lead_ids)

    def answer(rows: Rows) -> dict[int, list[AssignmentRow]]:
        found: dict[int, list[AssignmentRow]] = {lead_id: [] for lead_id in ids}
        for values in rows:
            named = dict(zip(_FIELDS, values, strict=True))
            row = AssignmentRow(**named | {"how": How(named["how"]), "state": AssignmentState(named["state"])})
            found[row.lead_id].append(row)
        return found

    return Read(_OF_LEADS, [ids], answer)
