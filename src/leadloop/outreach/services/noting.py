"""Contacts made otherwise, such as calls and letters: they count towards the same limits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from leadloop.outreach.contracts import Contact

_INSERT = """
insert into outreach_message (occasion, channel, purpose, person_id, lead_id, state, not_before, queued_at, sent_at)
select occasion, channel, purpose, person_id, lead_id, 'sent', at, %s, at
  from unnest(%s::text[], %s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::timestamptz[])
       as c (occasion, channel, purpose, person_id, lead_id, at)
    on conflict (occasion, channel, person_id, user_id) do nothing
"""


@transaction.atomic
def note(contacts: Sequence[Contact], *, now: datetime) -> int:
    """Enter contacts that were made; return how many are new. The room that made them records the fact. One query."""
    columns: list[list[Any]] = [
        [c.occasion for c in contacts],
        [str(c.channel) for c in contacts],
        [str(c.purpose) for c in contacts],
        [c.person_id for c in contacts],
        [c.lead_id for c in contacts],
        [c.at for c in contacts],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [now, *columns])
        return int(cursor.rowcount)
