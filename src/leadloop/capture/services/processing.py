"""What intake does with deliveries: claim a batch, read it, settle it. The number of statements is constant."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

import orjson
from django.db import transaction

from leadloop.capture.contracts import Claimed, Parsed, PortalRow, Settled, Unreadable
from leadloop.capture.facts import InquiryReceived, ReplyReceived
from leadloop.capture.lists.keeping import note_hits
from leadloop.capture.queries.portals import portals
from leadloop.capture.services.lookups import look_up
from leadloop.kernel.errors import Conflict
from leadloop.ledger.contracts import Actor, Lane
from leadloop.ledger.copying import copy
from leadloop.ledger.services import record
from leadloop.ledger.sql import columns, fetch, run

_COLUMNS = """
s.id, s.portal_id, s.body, s.content_type, s.context::text, s.received_at, s.happened_at, s.row_number, s.import_run_id,
s.corrected::text, s.attempts
"""
_LEAST = 200  # below that a share is hardly worth a turn
_FIRST = 50  # so many are looked at for those that were left, and locked by it: never more than a share
_CLAIM = f"""
select {_COLUMNS}
  from capture_submission s
 where s.state = 'received' and s.lane = %s
 order by s.id
 limit %s
   for update skip locked
"""
_CLAIM_THESE = f"""
select {_COLUMNS}
  from capture_submission s
 where s.id = any(%s::bigint[]) and s.state = 'received'
 order by s.id
   for update skip locked
"""
# The first that nobody works on may have been left between those that somebody does; from the last of a few on,
# nobody does.
_CLAIM_SHARE = f"""
with free as materialized (
    select s.id from capture_submission s
     where s.state = 'received' and s.lane = %s order by s.id limit %s for update skip locked
), waiting as materialized (
    select (select count(*) from free) + (
           select count(*)
             from (select from capture_submission s
                    where s.id > (select max(id) from free) and s.state = 'received' and s.lane = %s
                    limit %s) as ahead) as count
)
select {_COLUMNS}
  from capture_submission s
 where s.state = 'received' and s.lane = %s
 order by s.id
 limit (select least(%s::int, greatest(%s::int, ceil(count / %s::numeric))) from waiting)
   for update skip locked
"""
_BESIDE = f"""
select {_COLUMNS}
  from unnest(%s::bigint[], %s::bigint[]) as gap (first, last)
  join capture_submission s on s.id between gap.first and gap.last
 where s.state = 'received' and s.lane = %s
 order by s.id
"""
_FIND = f"select {_COLUMNS} from capture_submission s where s.id = any(%s::bigint[]) order by s.id"
_REACH = 100  # how many places in a file people of one firm are apart at most, as a rule
_READINGS = "select id, reading::text from capture_importrun where id = any(%s)"
_STATES = """
update capture_submission s set state = given.outcome, settled_at = %s
  from unnest(%s::bigint[], %s::text[]) as given (id, outcome)
 where s.id = given.id and s.state = 'received'
"""
_INQUIRY = (
    "id", "portal_id", "kind", "person_id", "lead_id", "interest_id", "programme_id", "source_id", "external_id",
    "happened_at", "received_at", "outcome", "answers", "message", "touch", "asset_id", "place_id",
)  # fmt: skip


def claim(
    *,
    lane: Lane,
    limit: int,
    now: datetime,  # noqa: ARG001 - the room's common form
    by: int = 1,
) -> list[Claimed]:
    """Lock up to `limit` waiting deliveries for the caller's transaction, the oldest first; others skip them.

    `by` how many processes take them in beside each other: towards the end each takes its share of what is left, so
    that they end together. One query where nothing waits, which is what most looks find.
    """
    if by == 1:
        return _all_claimed(fetch(_CLAIM, [int(lane), limit]))
    asked = [int(lane), min(_FIRST, _LEAST, limit), int(lane), by * limit, int(lane)]
    return _all_claimed(fetch(_CLAIM_SHARE, [*asked, limit, _LEAST, by]))


def claim_these(ids: Collection[int]) -> list[Claimed]:
    """Lock those of these deliveries that wait and nobody else works on. One query and what reading portals takes."""
    return _all_claimed(fetch(_CLAIM_THESE, [sorted(ids)]))


def beside(claimed: Sequence[Claimed], *, lane: Lane) -> list[Claimed]:
    """What another process works on shortly before or between these: waiting, though it would have been their turn."""
    ids = [one.submission_id for one in claimed]
    gaps = [(max(a + 1, b - _REACH), b - 1) for a, b in pairwise([0, *ids]) if b - a > 1]
    gaps += [(a + 1, min(a + _REACH, b - _REACH - 1)) for a, b in pairwise(ids) if b - a > _REACH + 1]
    return _all_claimed(fetch(_BESIDE, [*columns(gaps), int(lane)])) if gaps else []


def find(ids: Collection[int]) -> list[Claimed]:
    """Deliveries by id, whatever became of them, to be read again. Two queries."""
    return _all_claimed(fetch(_FIND, [sorted(ids)]))


def _all_claimed(rows: Sequence[tuple[Any, ...]]) -> list[Claimed]:
    if not rows:
        return []
    runs = sorted({row[8] for row in rows if row[8] is not None})
    readings = {run_id: orjson.loads(reading) for run_id, reading in fetch(_READINGS, [runs])} if runs else {}
    known = portals()
    return [_claimed(row, known, readings) for row in rows]


def read(
    claimed: Sequence[Claimed],
    *,
    now: datetime,  # noqa: ARG001 - the room's common form
) -> tuple[list[Parsed], list[Unreadable]]:
    """Read a batch: what can be followed up, and what goes to quarantine with its reason. Writes nothing."""
    parsed: list[Parsed] = []
    unreadable: list[Unreadable] = []
    for result in look_up(claimed):
        if isinstance(result, Parsed):
            parsed.append(result)
        else:
            unreadable.append(result)
    return parsed, unreadable


@transaction.atomic
def settle(settled: Sequence[tuple[Parsed, Settled]], *, actor: Actor, now: datetime) -> None:
    """Write the inquiries and what became of each delivery. Three statements, one more where a list flagged any.

    Conflict when one of them no longer waits, which a claim in the same transaction rules out.
    """
    if not settled:
        return
    pairs = sorted(settled, key=lambda pair: pair[0].ref)
    if run(_STATES, [now, *columns((p.ref, s.outcome) for p, s in pairs)]) != len(pairs):
        raise Conflict("some of these deliveries were settled already", mend="Claim them again")
    copy("capture_inquiry", _INQUIRY, (_inquiry(p, s) for p, s in pairs))
    note_hits([(p.flagged_by, p.ref, False) for p, _ in pairs if p.flagged_by is not None], now=now)
    record([*(_fact(p, s) for p, s in pairs), *(_reply(p, s) for p, s in pairs if s.reply)], actor=actor)


def _claimed(row: tuple[Any, ...], known: dict[int, PortalRow], readings: dict[int, Any]) -> Claimed:
    context, corrected = row[4], row[9]
    return Claimed(
        submission_id=row[0],
        portal=known[row[1]],
        body=row[2],
        content_type=row[3],
        context=orjson.loads(context) if context != "{}" else {},
        received_at=row[5],
        happened_at=row[6],
        row_number=row[7],
        import_run_id=row[8],
        reading=readings.get(row[8]) if row[8] is not None else None,
        corrected=orjson.loads(corrected) if corrected else None,
        released=row[10] > 0,
    )


def _inquiry(p: Parsed, s: Settled) -> tuple[Any, ...]:
    return (
        p.ref,
        p.portal.id,
        p.kind,
        s.person_id,
        s.lead_id,
        p.interest_id,
        p.programme_id,
        p.source_id,
        p.external_id,
        p.happened_at,
        p.received_at,
        s.outcome,
        orjson.dumps(p.answers).decode() if p.answers else "{}",
        p.message,
        orjson.dumps(p.touch).decode() if p.touch else "{}",
        p.asset_id,
        s.place_id,
    )


def _fact(p: Parsed, s: Settled) -> InquiryReceived:
    return InquiryReceived(
        happened_at=p.happened_at,
        person_id=s.person_id,
        company_id=s.company_id,
        lead_id=s.lead_id,
        programme_id=p.programme_id,
        inquiry_id=p.ref,
        portal_id=p.portal.id,
        inquiry_kind=p.kind,
        outcome=s.outcome,
        interest_id=p.interest_id,
        source_id=p.source_id,
        asset_id=p.asset_id,
        acknowledge=p.portal.acknowledge and not p.historic and not s.reply,
        historic=p.historic,
    )


def _reply(p: Parsed, s: Settled) -> ReplyReceived:
    return ReplyReceived(
        happened_at=p.happened_at,
        person_id=s.person_id,
        company_id=s.company_id,
        lead_id=s.lead_id,
        inquiry_id=p.ref,
        message_id=s.answers_id,
    )
