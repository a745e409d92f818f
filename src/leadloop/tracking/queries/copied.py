"""Where the columnar copy stands. Asked of PostgreSQL: pages and the worker's clock never open the copy itself."""

from __future__ import annotations

from leadloop.tracking.contracts import Copied
from leadloop.tracking.queries.reading import fetch

_STANDS = """
select generation, as_of, events, seconds,
       (select count(*) from tracking_forgotten where done_at is null)
  from tracking_copy
"""
# Facts become visible in any order, so the newest is asked about and besides the copy's age.
_BEHIND = """
select not exists (select 1 from tracking_copy)
    or exists (select 1 from tracking_forgotten where done_at is null)
    or (select c.as_of < now() - make_interval(secs => %(longest)s) from tracking_copy c)
    or exists (select 1 from (select xid from ledger_event order by id desc limit 50) e, tracking_copy c
                where not pg_visible_in_snapshot(e.xid, c.snapshot::pg_snapshot))
"""
LONGEST_SECONDS = 900


def copied() -> Copied | None:
    """Where the columnar copy stands; None before the first one. One query."""
    return next((Copied(*row) for row in fetch(_STANDS, {})), None)


def is_behind() -> bool:
    """Whether there is something that the copy does not hold yet. One query, over indexes only."""
    return bool(fetch(_BEHIND, {"longest": LONGEST_SECONDS})[0][0])
