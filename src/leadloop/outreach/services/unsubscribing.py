"""The way out of marketing that every such message carries."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from leadloop.kernel.errors import NotFound
from leadloop.kernel.text import email
from leadloop.ledger.contracts import Actor
from leadloop.outreach import queries
from leadloop.outreach.contracts import Channel, Purpose, Unsubscribed
from leadloop.outreach.tokens import read_token
from leadloop.people import services as people
from leadloop.people.contracts import ConsentWord, Suppress

REASON = "unsubscribed"


@transaction.atomic
def unsubscribe(token: str, *, actor: Actor, now: datetime) -> Unsubscribed:
    """Withdraw consent to marketing by e-mail and bar the address the message went to from it.

    Doing it again changes nothing. It works for years, also after the person was erased. Raises NotFound for a link
    that we have not made. Must be called on POST only: scanners follow links.
    """
    message = queries.message(read_token(token))
    if message is None or message.person_id is None:
        raise NotFound("This link is not complete", mend="Open it from the e-mail once more")
    word = ConsentWord(
        person_id=message.person_id, channel=Channel.EMAIL, purpose=Purpose.MARKETING, source="unsubscribe link"
    )
    new = people.withdraw_consent([word], actor=actor, now=now)
    norm = email(message.to_address)
    if norm is None:
        return Unsubscribed(known=False, new=bool(new))
    barred = Suppress(channel=Channel.EMAIL, norm=norm, reason=REASON, purpose=Purpose.MARKETING)
    new += people.suppress([barred], actor=actor, now=now)
    return Unsubscribed(known=True, new=bool(new))
