"""Leads that were given back, and what became of the appeals against it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from leadloop.distribution.contracts import GivenBack, Record, Verdict
from leadloop.leads.queries import visible_to
from leadloop.ledger.sql import fetch
from leadloop.platform.contracts import Viewer

COLUMNS = """
a.id, a.lead_id, a.user_id, a.from_user_id, a.reason, a.settled_at,
p.id, p.text, p.made_by_id, p.made_at, p.verdict, p.decided_by_id, p.decided_at, p.note
"""
_FROM = f"""
select {COLUMNS} from distribution_assignment a left join distribution_appeal p on p.assignment_id = a.id
"""
_LATELY = f"""
{_FROM}
 where a.state = 'rejected' and (a.settled_at >= %s or p.verdict = 'open')
   and (%s = any(array[a.user_id, a.from_user_id, p.made_by_id])
        or exists (select from leads_facet_lead l where l.lead_id = a.lead_id and {{reach}}))
 order by coalesce(p.verdict = 'open', false) desc, a.settled_at desc, a.id desc limit %s
"""
_RECORDS = """
select a.user_id, count(*)::int, count(p.id)::int, count(*) filter (where p.verdict = 'overturned')::int
  from distribution_assignment a left join distribution_appeal p on p.assignment_id = a.id
 where a.state = 'rejected' and a.settled_at >= %s group by 1 order by 4 desc, 2 desc, 1
"""


def given_back(viewer: Viewer, *, since: datetime, limit: int) -> list[GivenBack]:
    """Leads given back since then, and older ones whose appeal is open: open ones first, then the newest. One query.

    Those of leads that the viewer sees or had before, gave back, or appealed for.
    """
    reach = visible_to(viewer)
    found = fetch(_LATELY.format(reach=reach.sql), [since, viewer.user_id, *reach.params, limit])
    return [given_back_row(row) for row in found]


def given_back_one(assignment_id: int) -> GivenBack | None:
    """A hand-over that was given back; None where it was not. One query."""
    found = fetch(f"{_FROM} where a.id = %s and a.state = 'rejected'", [assignment_id])
    return given_back_row(found[0]) if found else None


def given_back_row(row: Sequence[Any]) -> GivenBack:
    """From a row of COLUMNS."""
    values = list(row)
    values[10] = Verdict(row[10]) if row[10] else None
    return GivenBack(*values)


def records(*, since: datetime) -> list[Record]:
    """Who gave leads back since then, most often overturned first. One query."""
    return [Record(*row) for row in fetch(_RECORDS, [since])]
