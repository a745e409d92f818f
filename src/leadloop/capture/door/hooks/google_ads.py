"""Google Ads lead forms: the key stands in the body itself, and is taken out before anything is kept."""

from __future__ import annotations

import orjson

from leadloop.capture.door.hooks.reading import loaded
from leadloop.capture.door.hooks.signed import Arrived, Event, Hook, event_key, same_secret, secret_of, unsigned


def verify(arrived: Arrived, hook: Hook) -> None:
    """Compare the key within the body. Raises Unproven, also for what can't be read: then there is no key."""
    told = loaded(arrived.body)
    given = told.get("google_key") if isinstance(told, dict) else None
    if not isinstance(given, str):
        raise unsigned()
    same_secret(given, secret_of(hook))


def events(arrived: Arrived, hook: Hook) -> list[Event]:  # noqa: ARG001 - the common form
    """Return the lead, without the key."""
    told = {name: value for name, value in loaded(arrived.body).items() if name != "google_key"}
    body = orjson.dumps(told)
    return [Event(event_key(told.get("lead_id", ""), body), body)]
