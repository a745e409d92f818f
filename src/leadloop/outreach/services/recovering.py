"""Messages whose sender died: their lease has run out."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.db import connection, transaction

from leadloop.ledger.services import record
from leadloop.outreach.contracts import RecoveryCount
from leadloop.outreach.facts import MessageFailed
from leadloop.outreach.services.again import again
from leadloop.outreach.services.parts import OUTREACH

# The mark that a message has begun is committed without waiting for the disk (see `beginning`), so a crash of the
# database server may have lost it. A server that has crashed since a message was admitted proves nothing by a missing
# mark. Crash recovery shows in the statistics, which it resets, also where the server's first process lives on.
_RECOVER = """
with crashed as (
    select greatest(pg_postmaster_start_time(), (select stats_reset from pg_stat_wal)) as at
), expired as (
    select id, purpose, repeated,
           begun_at is not null or coalesce(admitted_at <= (select at from crashed), false) as begun
      from outreach_message
     where state = 'sending' and lease_until < %(now)s
     order by id limit %(limit)s for update skip locked
), judged as (
    select id, begun, begun and (purpose = 'marketing' or repeated) as lost from expired
)
update outreach_message m
   set state = case when e.lost then 'unknown' else 'queued' end, lease_until = null,
       begun_at = case when e.lost then coalesce(m.begun_at, %(now)s) end,
       detail = case when e.begun then 'no_answer' else '' end, repeated = m.repeated or (e.begun and not e.lost)
  from judged e where m.id = e.id
returning m.id, e.begun, e.lost, m.person_id, m.lead_id, m.channel, m.purpose
"""


def recover(now: datetime, *, limit: int = 1000) -> RecoveryCount:
    """Settle up to `limit` messages whose lease has run out.

    One that had not begun waits as before. One that had begun may have gone out or not: marketing stays `unknown` and
    is not repeated; anything else is repeated once, with the same Message-ID, and is `unknown` if that happens again.
    """
    return again(lambda: _recover(now, limit))


def _recover(now: datetime, limit: int) -> RecoveryCount:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_RECOVER, {"now": now, "limit": limit})
        rows = list(cursor.fetchall())
        facts = [
            MessageFailed(
                happened_at=now,
                person_id=person_id,
                lead_id=lead_id,
                reason="unknown",
                message_id=message_id,
                channel=channel,
                purpose=purpose,
            )
            for message_id, begun, _, person_id, lead_id, channel, purpose in rows
            if begun
        ]
        record(facts, actor=OUTREACH)
    became = Counter("unknown" if lost else "repeated" if begun else "requeued" for _, begun, lost, *_ in rows)
    return RecoveryCount(**became)
