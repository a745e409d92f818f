"""Taking messages that are due, so that no other process sends them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from leadloop.outreach.contracts import Purpose
from leadloop.outreach.services.again import again
from leadloop.outreach.services.parts import LEASE, Leased

# Answers and internal messages first, each group by its own index.
_LEASE = """
with prompt as (
    select id from outreach_message
     where state = 'queued' and purpose <> 'marketing' and not_before <= %(now)s
     order by not_before, id limit %(limit)s for update skip locked
), bulk as (
    select id from outreach_message
     where state = 'queued' and purpose = 'marketing' and not_before <= %(now)s and %(bulk)s
     order by not_before, id limit greatest(0, %(limit)s - (select count(*) from prompt)) for update skip locked
)
update outreach_message m
   set state = 'sending', detail = '', fence = fence + 1, lease_until = %(until)s, admitted_at = null, begun_at = null,
       message_id = case when message_id <> '' then message_id else
           '<m' || id || '.' || left(encode(sha256(convert_to(
               concat_ws(':', occasion, person_id, user_id, queued_at), 'UTF8')), 'hex'), 20)
           || '@' || %(domain)s || '>' end
 where id in (select id from prompt union all select id from bulk)
returning id, fence, purpose, channel, person_id, user_id, reply_to, language, subject, text, html, auto_answer,
          repeated, attempts, first_tried_at, not_before, message_id
"""
_DUE = """
select exists (select 1 from outreach_message
                where state = 'queued' and purpose <> 'marketing' and not_before <= %(now)s)
    or %(bulk)s and exists (select 1 from outreach_message
                             where state = 'queued' and purpose = 'marketing' and not_before <= %(now)s)
"""


def anything_due(now: datetime, *, bulk: bool) -> bool:
    """Tell whether a lease would find anything; without `bulk` marketing does not count. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"now": now, "bulk": bulk})
        return bool(cursor.fetchone()[0])


def lease(*, limit: int, now: datetime, domain: str, bulk: bool) -> list[Leased]:
    """Take up to `limit` messages that are due, marketing last and only with `bulk`; committed when this returns.

    Each gets its Message-ID the first time and keeps it, so that a receiver can tell a repetition. One query.
    """
    values: dict[str, Any] = {"now": now, "until": now + LEASE, "limit": limit, "domain": domain, "bulk": bulk}

    def take() -> list[Leased]:
        with connection.cursor() as cursor:
            cursor.execute(_LEASE, values)
            names = [column.name for column in cursor.description or ()]
            rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        return [Leased(**{**row, "purpose": Purpose(row["purpose"])}) for row in rows]

    messages = again(take)
    return sorted(messages, key=lambda m: (m.is_marketing, m.not_before, m.id))
