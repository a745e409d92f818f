"""Leads that were given back, and what became of the appeals against it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from leadloop.distribution.contracts import GivenBack, Record, Verdict
from leadloop.ledger.sql import fetch

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
 order by a.settled_at desc, a.id desc limit %s
"""
_RECORDS = """
select a.user_id, count(*)::int, count(p.id)::int, count(*) filter (where p.verdict = 'overturned')::int
  from distribution_assignment a left join distribution_appeal p on p.assignment_id = a.id
 where a.state = 'rejected' and a.settled_at >= %s group by 1 order by 4 desc, 2 desc, 1
"""


def given_back(*, since: datetime, limit: int) -> list[GivenBack]:
    """Leads given back since then, and older ones whose appeal is open; the newest first. One query."""
    return [given_back_row(row) for row in fetch(_LATELY, [since, limit])]


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
