"""Whose a message is, when two persons that were merged are parted."""

from __future__ import annotations

from collections.abc import Collection

from leadloop.ledger.sql import run

# A message is unique for its occasion and recipient: one that the other had already stays as it is. So do letters of a
# mailing, which belong to whom its list names.
_FOLLOW = """
update outreach_message m set person_id = %s
 where m.person_id = %s and m.lead_id = any(%s)
   and m.occasion not like 'mailing:%%'
   and not exists (select from outreach_message o
                    where o.occasion = m.occasion and o.channel = m.channel and o.person_id = %s
                      and o.user_id is not distinct from m.user_id)
"""
_ABOUT = "update outreach_message set about_person_id = %s where about_person_id = %s and lead_id = any(%s)"


def return_person(lead_ids: Collection[int], *, from_id: int, to_id: int) -> None:
    """Messages about these leads, to their person or about them, follow. Two statements."""
    run(_FOLLOW, [to_id, from_id, sorted(lead_ids), to_id])
    run(_ABOUT, [to_id, from_id, sorted(lead_ids)])
