"""Typeform: one answered form for each request."""

from __future__ import annotations

from leadloop.capture.door.hooks.reading import inside, loaded
from leadloop.capture.door.hooks.signed import Arrived, Event, Hook, check, event_key, secret_of, unsigned


def verify(arrived: Arrived, hook: Hook) -> None:
    """Check Typeform-Signature, in base64. Raises Unproven."""
    scheme, _, given = arrived.header("typeform-signature").partition("=")
    if scheme != "sha256":
        raise unsigned()
    check(given, secret_of(hook), arrived.body, encoding="base64")


def events(arrived: Arrived, hook: Hook) -> list[Event]:  # noqa: ARG001 - the common form
    """Return the answered form; a form only begun is none. Sent again by hand it has another event, the same token."""
    told = loaded(arrived.body)
    if inside(told, "event_type") not in (None, "form_response"):
        return []
    said = inside(told, "form_response", "token") or inside(told, "event_id") or ""
    return [Event(event_key(said, arrived.body), arrived.body)]
