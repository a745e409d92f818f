"""Whether somebody has something new to do, cheap enough to be asked ten times a second."""

from __future__ import annotations

from collections.abc import Collection

from leadloop.leads.queries.rows import OPEN
from leadloop.ledger.sql import fetch


def newest_by_owner(user_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Per user: when the newest lead that waits for them came (Unix microseconds), and how many wait. One query."""
    found = fetch(
        f"""
        select l.owner_id, (extract(epoch from max(l.stage_since)) * 1000000)::bigint, count(*)
          from leads_lead l
         where l.owner_id = any(%s::bigint[]) and l.{OPEN} and l.stage in ('inquiry', 'qualified', 'assigned')
         group by 1
        """,
        [list(user_ids)],
    )
    return {owner_id: (newest, waiting) for owner_id, newest, waiting in found}
