"""The way out of marketing that every such message carries."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from leadloop.kernel.errors import NotFound
from leadloop.kernel.text import email
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.outreach import queries
from leadloop.outreach.contracts import Channel, MessageRow, Purpose, Unsubscribed
from leadloop.outreach.facts import MessageRefused, MessageUnsubscribed
from leadloop.outreach.tokens import read_token
from leadloop.people import services as people
from leadloop.people.contracts import ConsentWord, Suppress

REASON = "unsubscribed"
_STOP = """
update outreach_message set state = 'refused', detail = %s, lease_until = null
 where person_id = %s and channel = 'email' and purpose = 'marketing'
   and state in ('queued', 'sending') and begun_at is null
returning id, lead_id, channel
"""
_MARK = """
update outreach_message set unsubscribed_at = %s where id = %s and unsubscribed_at is null
"""


@transaction.atomic
def unsubscribe(token: str, *, actor: Actor, now: datetime) -> Unsubscribed:
    """Withdraw consent to marketing by e-mail and bar the address the message went to from it.

    The message remembers that its link was used. Doing it again changes nothing. It works for years, also after the
    person was erased. Raises NotFound for a link that we have not made. Must be called on POST only: scanners follow
    links.
    """
    message = queries.message(read_token(token))
    if message is None or message.person_id is None:
        raise NotFound("This link is not complete", mend="Open it from the e-mail once more")
    word = ConsentWord(
        person_id=message.person_id, channel=Channel.EMAIL, purpose=Purpose.MARKETING, source="unsubscribe link"
    )
    new = people.withdraw_consent([word], actor=actor, now=now)
    norm = email(message.to_address)
    if norm:
        barred = Suppress(channel=Channel.EMAIL, norm=norm, reason=REASON, purpose=Purpose.MARKETING)
        new += people.suppress([barred], actor=actor, now=now)
    _stop(message.person_id, actor=actor, now=now)
    _mark(message, actor=actor, now=now)
    return Unsubscribed(known=norm is not None, new=bool(new))


def _stop(person_id: int, *, actor: Actor, now: datetime) -> None:
    """Refuse the marketing that waits for this person, also what has been let go but has not begun."""
    with connection.cursor() as cursor:
        cursor.execute(_STOP, [REASON, person_id])
        rows = list(cursor.fetchall())
    facts = [
        MessageRefused(
            happened_at=now,
            person_id=person_id,
            lead_id=lead_id,
            reason=REASON,
            message_id=message_id,
            channel=channel,
            purpose=Purpose.MARKETING,
        )
        for message_id, lead_id, channel in rows
    ]
    record(facts, actor=actor)


def _mark(message: MessageRow, *, actor: Actor, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_MARK, [now, message.id])
        if not cursor.rowcount:
            return
    fact = MessageUnsubscribed(
        happened_at=now,
        person_id=message.person_id,
        lead_id=message.lead_id,
        message_id=message.id,
        channel=message.channel,
        purpose=message.purpose,
    )
    record([fact], actor=actor)
