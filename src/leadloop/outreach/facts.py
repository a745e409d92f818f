"""What happens to messages."""

from __future__ import annotations

from leadloop.ledger.facts import Fact, fact


@fact("contact_policy.changed", "The contact policy was changed")
class ContactPolicyChanged(Fact):
    """Limits per day and week, and the quiet hours."""

    per_day: int
    per_week: int
    quiet_from: str
    quiet_until: str


@fact("message.queued", "A message was put into the outbox")
class MessageQueued(Fact):
    """`purpose` is transactional, marketing or internal."""

    message_id: int
    channel: str
    purpose: str


@fact("message.sent", "A message went out")
class MessageSent(Fact):
    """The mail server took it."""

    message_id: int
    channel: str
    purpose: str


@fact("message.refused", "A message was not allowed to go out")
class MessageRefused(Fact):
    """`reason` is the clause of the contact policy that said no."""

    message_id: int
    channel: str
    purpose: str


@fact("message.failed", "A message could not be delivered")
class MessageFailed(Fact):
    """`reason` is the class of failure; `unknown` when the outcome can't be known."""

    message_id: int
    channel: str
    purpose: str


@fact("message.cancelled", "A message was taken back before it went out")
class MessageCancelled(Fact):
    """`reason` says why."""

    message_id: int
    channel: str
    purpose: str


@fact("message.unsubscribed", "Somebody unsubscribed by the link of a message")
class MessageUnsubscribed(Fact):
    """The consent is withdrawn by a fact of its own; this one says which message made them go."""

    message_id: int
    channel: str
    purpose: str


@fact("message.returned", "A message that had gone out came back")
class MessageReturned(Fact):
    """`reason` is soft, blocked, hard or complaint; what that means for the address is a fact of its own."""

    message_id: int
    channel: str
    purpose: str
