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

_RECOVER = """
with expired as (
    select id, begun_at is not null as begun,
           begun_at is not null and (purpose = 'marketing' or repeated) as lost
      from outreach_message
     where state = 'sending' and lease_until < %(now)s
     order by id limit %(limit)s for update skip locked
)
update outreach_message m
   set state = case when e.lost then 'unknown' else 'queued' end, lease_until = null,
       begun_at = case when e.lost then m.begun_at end,
       detail = case when e.begun then 'no_answer' else '' end, repeated = m.repeated or (e.begun and not e.lost)
  from expired e where m.id = e.id
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
