"""The statements that write leads and promises, each for a whole batch. Callers are inside a transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import IntegrityError

from leadloop.kernel.errors import Conflict
from leadloop.leads.contracts import LeadRow, PromiseRow, Stage
from leadloop.leads.queries.rows import LEAD_COLUMNS, PROMISE_COLUMNS, lead_row, promise_row
from leadloop.leads.services.newborn import newborn
from leadloop.leads.services.shapes import Head, NewPromise, Settlement
from leadloop.ledger.sql import columns, fetch

ALL_STAGES = tuple(Stage)


def lock(lead_ids: Collection[int], *, stages: Collection[Stage] = ALL_STAGES) -> dict[int, LeadRow]:
    """Lock these leads in ascending order until the transaction ends and return those at these stages. One query."""
    held = newborn()
    mine = held.rows(lead_ids)
    others = sorted(set(lead_ids) - mine.keys())
    found = {lead_id: row for lead_id, row in mine.items() if row.stage in stages}
    if not others:
        return found
    rows = fetch(
        f"""
        select {LEAD_COLUMNS} from leads_lead l where l.id = any(%s::bigint[]) and l.stage = any(%s::text[])
         order by l.id for no key update
        """,
        [others, list(stages)],
    )
    return {values[0]: lead_row(values) for values in rows} | found


def running(lead_ids: Collection[int]) -> dict[int, list[PromiseRow]]:
    """What is owed on locked leads, by due time. Locks the promises. One query."""
    held = newborn()
    owed: dict[int, list[PromiseRow]] = {lead_id: [] for lead_id in lead_ids}
    found = held.running(lead_ids) + _running([one for one in lead_ids if one not in held.leads])
    for row in sorted(found, key=lambda row: (row.due_at, row.id)):
        owed[row.lead_id].append(row)
    return owed


def _running(lead_ids: list[int]) -> list[PromiseRow]:
    if not lead_ids:
        return []
    found = fetch(
        f"""
        select {PROMISE_COLUMNS} from leads_promise p where p.lead_id = any(%s::bigint[]) and p.state = 'running'
         order by p.id for no key update
        """,
        [lead_ids],
    )
    return [promise_row(values) for values in found]


def write_settled(settled: Sequence[Settlement], now: datetime) -> None:
    """Settle promises, or hand them on. One whose time had passed unnoticed is broken as of that time."""
    settled = newborn().settle(settled, now)
    if not settled:
        return
    fetch(
        """
        update leads_promise p
           set state = s.state, owner_id = s.owner_id, evidence = s.evidence,
               settled_at = case when s.state <> 'running' then %s end,
               broken_at = coalesce(p.broken_at, case when s.state <> 'running' and p.due_at < %s then p.due_at end)
          from unnest(%s::bigint[], %s::text[], %s::bigint[], %s::text[]) as s (id, state, owner_id, evidence)
         where p.id = s.id returning p.id
        """,
        [
            now,
            now,
            [one.promise.id for one in settled],
            [str(one.state) for one in settled],
            [one.owner_id for one in settled],
            [one.evidence for one in settled],
        ],
    )


def write_promises(new: Sequence[NewPromise], now: datetime) -> list[tuple[int, NewPromise]]:
    """Insert promises and return each with its id, leaving out those of which a running one stands already."""
    held = newborn()
    mine = held.owe([one for one in new if one.lead_id in held.leads], now)
    return mine + _write_promises([one for one in new if one.lead_id not in held.leads], now)


def _write_promises(new: Sequence[NewPromise], now: datetime) -> list[tuple[int, NewPromise]]:
    if not new:
        return []
    found = fetch(
        """
        insert into leads_promise (lead_id, kind, owner_id, made_at, due_at, note)
        select lead_id, kind, owner_id, %s, due_at, note
          from unnest(%s::bigint[], %s::text[], %s::bigint[], %s::timestamptz[], %s::text[])
               with ordinality as n (lead_id, kind, owner_id, due_at, note, place)
         order by place
            on conflict (lead_id, kind) where state = 'running' do nothing
        returning id, lead_id, kind
        """,
        [now, *columns(new)],
    )
    by_key = {(one.lead_id, one.kind): one for one in new}
    return [(promise_id, by_key[lead_id, kind]) for promise_id, lead_id, kind in found]


def write_heads(heads: Sequence[Head]) -> None:
    """Write what changed on locked leads."""
    held = newborn()
    for one in heads:
        if one.lead_id in held.leads:
            held.change(one.lead_id, zip(Head._fields[1:], one[1:], strict=True))
    heads = [one for one in heads if one.lead_id not in held.leads]
    if not heads:
        return
    fetch(
        """
        update leads_lead l
           set stage = h.stage, stage_since = h.stage_since, owner_id = h.owner_id, team_id = h.team_id,
               due_at = h.due_at, due_kind = h.due_kind, recycled = h.recycled, exception_code = h.exception_code,
               why = h.why, closed_at = h.closed_at, close_reason = h.close_reason
          from unnest(%s::bigint[], %s::text[], %s::timestamptz[], %s::bigint[], %s::bigint[], %s::timestamptz[],
                      %s::text[], %s::smallint[], %s::text[], %s::text[], %s::timestamptz[], %s::text[])
               as h (id, stage, stage_since, owner_id, team_id, due_at, due_kind, recycled, exception_code, why,
                     closed_at, close_reason)
         where l.id = h.id returning l.id
        """,
        columns(heads),
    )


def write_dues(dues: Sequence[tuple[int, datetime, str]]) -> None:
    """Write the earliest promise on locked leads, none of which is new: lead, due time, kind."""
    if not dues:
        return
    fetch(
        """
        update leads_lead l set due_at = h.due_at, due_kind = h.kind
          from unnest(%s::bigint[], %s::timestamptz[], %s::text[]) as h (id, due_at, kind)
         where l.id = h.id returning l.id
        """,
        columns(dues),
    )


@contextmanager
def one_open_lead() -> Iterator[None]:
    """Raise Conflict when the database refuses a second open lead of one person and interest."""
    try:
        yield
    except IntegrityError as error:
        if "lead_one_open" not in str(error):
            raise
        raise Conflict("this person has another open lead for the same interest", mend="Look at that one") from error
