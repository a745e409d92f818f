"""Calendly: somebody has booked a meeting."""

from __future__ import annotations

from leadloop.capture.door.hooks.reading import inside, loaded
from leadloop.capture.door.hooks.signed import (
    CLOCKS_DIFFER,
    Arrived,
    Event,
    Hook,
    check,
    event_key,
    secret_of,
    stale,
    unsigned,
)

BOOKED = "invitee.created"


def verify(arrived: Arrived, hook: Hook) -> None:
    """Check Calendly-Webhook-Signature: moment and signature, of the moment and the body together. Raises Unproven."""
    parts = dict(part.strip().partition("=")[::2] for part in arrived.header("calendly-webhook-signature").split(","))
    moment, given = parts.get("t", ""), parts.get("v1", "")
    if not (moment.isascii() and moment.isdigit() and len(moment) <= 12 and given):
        raise unsigned()
    check(given, secret_of(hook), moment.encode() + b"." + arrived.body)
    if abs(arrived.now - int(moment)) > CLOCKS_DIFFER:
        raise stale()


def events(arrived: Arrived, hook: Hook) -> list[Event]:  # noqa: ARG001 - the common form
    """Return the booking; what is told of cancelling and of routing forms is none."""
    told = loaded(arrived.body)
    if inside(told, "event") not in (None, BOOKED):
        return []
    return [Event(event_key(inside(told, "payload", "uri") or "", arrived.body), arrived.body)]
