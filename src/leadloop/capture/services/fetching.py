"""Leads that a platform only told of: which are to be asked for, and what came of it. Asking is done in between."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from leadloop.capture import rules
from leadloop.capture.contracts import Code, PortalKind, Unreadable
from leadloop.capture.doors import FETCHING, Got, Missed, Wanted
from leadloop.capture.services.quarantine import quarantine
from leadloop.ledger.contracts import Actor, Lane
from leadloop.ledger.sql import columns, fetch, run
from leadloop.platform.sealed import Unreadable as NotOurs
from leadloop.platform.sealed import unseal

HELD = timedelta(minutes=3)  # whoever asks and dies is succeeded after that

_BEGIN = f"""
insert into capture_fetch (id, due_at)
select s.id, %s from capture_submission s
 where s.state = 'received' and s.lane = {FETCHING} and not exists (select from capture_fetch f where f.id = s.id)
 order by s.id limit 1000
    on conflict (id) do nothing
"""
_CLAIM = f"""
with due as (
  select f.id from capture_fetch f
    join capture_submission s on s.id = f.id and s.state = 'received' and s.lane = {FETCHING}
   where f.done_at is null and f.due_at <= %s and (f.held_until is null or f.held_until < %s)
   order by f.id limit %s
     for update of f skip locked
), held as (
  update capture_fetch f set held_until = %s, attempts = f.attempts + 1
    from due where f.id = due.id
  returning f.id, f.attempts
)
select held.id, s.portal_id, p.kind, s.context ->> 'fetch', held.attempts, coalesce(h.sealed, '')
  from held join capture_submission s on s.id = held.id join capture_portal p on p.id = s.portal_id
  left join capture_portalhook h on h.portal_id = p.id
 order by held.id
"""
# Both read the delivery as it was before the statement, so that what was told is kept where the lead takes its place.
_GOT = f"""
with got as (
  select * from unnest(%s::bigint[], %s::text[]) as g (id, body)
), kept as (
  update capture_fetch f set told = s.body, done_at = %s, held_until = null, trouble = ''
    from capture_submission s, got
   where f.id = got.id and s.id = got.id and f.done_at is null and s.state = 'received' and s.lane = {FETCHING}
  returning f.id
)
update capture_submission s set body = convert_to(got.body, 'UTF8'), lane = {int(Lane.LIVE)}
  from got join kept on kept.id = got.id
 where s.id = got.id
"""
_MISSED = """
update capture_fetch f set held_until = null, trouble = m.code, due_at = m.due_at,
       attempts = case when m.final then 0 else f.attempts end
  from unnest(%s::bigint[], %s::text[], %s::timestamptz[], %s::boolean[]) as m (id, code, due_at, final)
 where f.id = m.id and f.done_at is null
"""
WORDS = {
    "away": "The platform did not answer.",
    "busy": "The platform asked to wait.",
    "refused": "The platform refused the access token. Paste a new one on the portal's page, then send this again.",
    "gone": "The platform says that there is no such lead, or that it may not be seen with this access token.",
    "strange": "The platform's answer could not be understood.",
    "no_token": "The portal has no access token. Paste one on its page, then send this again.",
}


@transaction.atomic
def wanted(*, limit: int, now: datetime) -> list[Wanted]:
    """Take leads that are to be asked for, the oldest first; they are held for three minutes. Two statements."""
    run(_BEGIN, [now])
    found = fetch(_CLAIM, [now, now, limit, now + HELD])
    return [
        Wanted(row_id, portal_id, PortalKind(kind), number, attempts, _opened(sealed))
        for row_id, portal_id, kind, number, attempts, sealed in found
    ]


@transaction.atomic
def fetched(got: Sequence[Got], *, now: datetime) -> int:
    """Put what was fetched in place of what was told, and hand it to intake. One statement; returns how many."""
    if not got:
        return 0
    ordered = sorted(got, key=lambda one: one.submission_id)
    bodies = [one.body.decode("utf-8", "replace").replace("\0", "") for one in ordered]
    return run(_GOT, [[one.submission_id for one in ordered], bodies, now])


@transaction.atomic
def missed(given: Sequence[Missed], *, actor: Actor, now: datetime) -> None:
    """Try again later, or set aside what can't be had: quarantine, from where it can be asked for again."""
    if not given:
        return
    waits = {one.submission_id: None if one.final else rules.fetch_again(one.attempts) for one in given}
    ordered = sorted(given, key=lambda one: one.submission_id)
    rows = [
        (one.submission_id, one.code, now + (waits[one.submission_id] or timedelta()), waits[one.submission_id] is None)
        for one in ordered
    ]
    run(_MISSED, columns(rows))
    aside = [
        Unreadable(one.submission_id, Code.NOT_FETCHED, WORDS.get(one.code, one.code))
        for one in ordered
        if waits[one.submission_id] is None
    ]
    quarantine(aside, actor=actor, now=now)


def _opened(sealed: str) -> dict[str, str]:
    try:
        return unseal(sealed)
    except NotOurs:
        return {}
