"""What the outbox holds of a person, and taking it away."""

from __future__ import annotations

from typing import Any

from django.db import connection

from leadloop.people.stores import Cursor

_OF_THEM = "(person_id = any(%(ids)s) or about_person_id = any(%(ids)s))"
# The row stays, emptied: that something was sent is no secret of the person's, and the counts go on adding up.
_ERASE = f"""
update outreach_message
   set to_address = '', reply_to = '', subject = '', text = '', html = '',
       state = case when begun_at is null and state in ('queued', 'sending') then 'cancelled' else state end,
       detail = case when begun_at is null and state in ('queued', 'sending') then 'erased' else detail end,
       lease_until = case when begun_at is null then null else lease_until end
 where {_OF_THEM} and (to_address <> '' or subject <> '' or text <> '' or html <> '' or reply_to <> '')
"""
_EXPORT = f"""
select channel, purpose, state, to_address, subject, text, queued_at, sent_at
  from outreach_message where {_OF_THEM} order by id
"""


def erase(cursor: Cursor, person_ids: list[int]) -> int:
    """Empty the messages to and about these persons; what has not begun to go out never will."""
    cursor.execute(_ERASE, {"ids": person_ids})
    return cursor.rowcount


def export(person_ids: list[int]) -> list[dict[str, Any]]:
    """The messages to and about these persons, JSON-ready, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(_EXPORT, {"ids": person_ids})
        names = [column.name for column in cursor.description or ()]
        return [
            {
                name: value.isoformat() if hasattr(value, "isoformat") else value
                for name, value in zip(names, row, strict=True)
            }
            for row in cursor.fetchall()
        ]
