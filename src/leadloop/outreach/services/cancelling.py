"""Taking messages back before they go out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import connection, transaction

from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.outreach.facts import MessageCancelled
from leadloop.outreach.queries import literal

_CANCEL = """
update outreach_message set state = 'cancelled', detail = %(reason)s, lease_until = null
 where state in ('queued', 'sending') and begun_at is null
   and (occasion = %(prefix)s or occasion like %(pattern)s)
   and (%(leads)s::bigint[] is null or lead_id = any(%(leads)s::bigint[]))
returning id, person_id, lead_id, channel, purpose
"""


@transaction.atomic
def cancel(prefix: str, *, reason: str, actor: Actor, now: datetime, lead_ids: Collection[int] | None = None) -> int:
    """Take back what has not begun to go out, and return how many messages that were.

    `prefix` is an occasion, or the beginning of several up to a colon: "journey:5" takes "journey:5" and "journey:5:1"
    but not "journey:50". `lead_ids` narrows to messages about these leads. The occasion stays used up: it is not
    written about again. Two queries.
    """
    with connection.cursor() as cursor:
        about = None if lead_ids is None else list(lead_ids)
        asked = {"prefix": prefix, "pattern": f"{literal(prefix)}:%", "reason": reason, "leads": about}
        cursor.execute(_CANCEL, asked)
        rows = list(cursor.fetchall())
    facts = [
        MessageCancelled(
            happened_at=now,
            person_id=person_id,
            lead_id=lead_id,
            reason=reason,
            message_id=message_id,
            channel=channel,
            purpose=purpose,
        )
        for message_id, person_id, lead_id, channel, purpose in rows
    ]
    record(facts, actor=actor)
    return len(rows)
