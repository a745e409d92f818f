"""The mark that a message is about to be handed over, one by one within what was admitted together."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from leadloop.outreach.services.parts import Leased

# Committed without waiting for the disk: it must outlive this process, which it does, and it is written for every
# single message. What a crash of the database server may do to it is made good in `recovering`.
_BEGIN = """
with at_once as (select set_config('synchronous_commit', 'off', true))
update outreach_message m set begun_at = %s
  from at_once where m.id = %s and m.fence = %s and m.state = 'sending'
"""


def begin(message: Leased, *, now: datetime) -> bool:
    """Mark a message as begun; False when it was cancelled, or taken over by another process. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, [now, message.id, message.fence])
        return bool(cursor.rowcount)
