"""The two statements behind opening: insert where nothing is open, join where something is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from leadloop.leads.contracts import Stage
from leadloop.leads.queries.rows import OPEN
from leadloop.leads.services.newborn import keeps, newborn
from leadloop.leads.services.shapes import LEAD_TYPES
from leadloop.ledger.sql import columns, fetch


class NewLead(NamedTuple):
    """A lead to be written, unless it is open and its person and interest have an open one."""

    place: int
    person_id: int
    company_id: int | None
    interest_id: int
    stage: str
    stage_since: datetime
    owner_id: int
    team_id: int | None
    due_at: datetime | None
    due_kind: str
    programme_id: int | None
    source_id: int | None
    handover: str
    why: str
    last_touch_at: datetime
    touches: int
    exception_code: str
    opened_at: datetime
    closed_at: datetime | None
    close_reason: str
    attributes: str


class Joined(NamedTuple):
    """The open lead that further inquiries joined, after they did."""

    lead_id: int
    person_id: int
    interest_id: int
    company_id: int | None
    programme_id: int | None
    owner_id: int
    stage: Stage
    due_at: datetime


_TYPES = {"place": "int"} | LEAD_TYPES
_ARRAYS = ", ".join(f"%s::{_TYPES[name]}[]" for name in NewLead._fields)
_COLUMNS = ", ".join(name for name in NewLead._fields if name != "place")

# The ids are drawn first, so that each row can be told apart afterwards: what comes back from an insert that skips
# rows carries no place of its own.
_INSERT = f"""
with wanted as materialized (
    select nextval('leads_lead_id_seq') as id, w.*
      from unnest({_ARRAYS}) as w ({", ".join(NewLead._fields)})
), made as (
    insert into leads_lead (id, {_COLUMNS}, follows_id)
    select w.id, {", ".join(f"w.{name}" for name in NewLead._fields if name != "place")}, before.id
      from wanted w
      left join lateral (
            select l.id from leads_lead l
             where l.person_id = w.person_id and l.interest_id = w.interest_id and w.closed_at is null
               and l.stage in ('lost', 'disqualified')
               and l.closed_at >= w.opened_at - make_interval(days => %s)
             order by l.closed_at desc limit 1
           ) before on true
     order by w.place
        on conflict (person_id, interest_id) where {OPEN} do nothing
    returning id, follows_id
)
select w.place, made.id, made.follows_id from made join wanted w on w.id = made.id
"""

_JOIN = f"""
with further as materialized (
    select * from unnest(%s::bigint[], %s::bigint[], %s::int[], %s::timestamptz[], %s::text[])
               as f (person_id, interest_id, touches, at, why)
), locked as materialized (
    select l.id, f.touches, f.at, f.why
      from leads_lead l join further f on l.person_id = f.person_id and l.interest_id = f.interest_id
     where l.{OPEN}
     order by l.id
       for no key update of l
)
update leads_lead l
   set touches = l.touches + j.touches, last_touch_at = greatest(l.last_touch_at, j.at),
       why = coalesce(nullif(j.why, ''), l.why)
  from locked j
 where l.id = j.id
returning l.id, l.person_id, l.interest_id, l.company_id, l.programme_id, l.owner_id, l.stage, l.due_at
"""


# Looked up one by one in the index: an `exists` may be answered by reading all open leads there are, which PostgreSQL
# takes to be cheaper while it has not counted how many these have become.
_PLACES = f"""
select w.place,
       case when w.closes or (
                 select l.id from leads_lead l
                  where l.person_id = w.person_id and l.interest_id = w.interest_id and l.{OPEN} limit 1) is null
            then nextval('leads_lead_id_seq') end,
       before.id
  from unnest(%s::int[], %s::bigint[], %s::bigint[], %s::timestamptz[], %s::boolean[])
       as w (place, person_id, interest_id, opened_at, closes)
  left join lateral (
       select l.id from leads_lead l
        where l.person_id = w.person_id and l.interest_id = w.interest_id and not w.closes
          and l.stage in ('lost', 'disqualified') and l.closed_at >= w.opened_at - make_interval(days => %s)
        order by l.closed_at desc limit 1) before on true
 order by w.place
"""


def insert_leads(new: Sequence[NewLead], reopen_days: int) -> dict[int, tuple[int, int | None]]:
    """Insert leads and return, by place, the id and the lead it follows; absent where one is open already.

    Waits for a transaction that is opening the same pursuit. One query.
    """
    if keeps():
        return _take_up(new, reopen_days)
    found = fetch(_INSERT, [*columns(new), reopen_days])
    return {place: (lead_id, follows_id) for place, lead_id, follows_id in found}


def _take_up(new: Sequence[NewLead], reopen_days: int) -> dict[int, tuple[int, int | None]]:
    asked = columns(
        (one.place, one.person_id, one.interest_id, one.opened_at, one.closed_at is not None) for one in new
    )
    found = {place: (lead_id, follows) for place, lead_id, follows in fetch(_PLACES, [*asked, reopen_days]) if lead_id}
    for one in new:
        if one.place in found:
            newborn().bear(*found[one.place], one._asdict())
    return found


def join_leads(further: Sequence[tuple[int, int, int, datetime, str]]) -> dict[tuple[int, int], Joined]:
    """Add touches to open leads, given as person, interest, touches, the last one's time, and why.

    Returns the leads by person and interest; absent where the open lead closed meanwhile. One query.
    """
    found = [Joined(*(*row[:6], Stage(row[6]), row[7])) for row in fetch(_JOIN, columns(further))]
    return {(one.person_id, one.interest_id): one for one in found}
