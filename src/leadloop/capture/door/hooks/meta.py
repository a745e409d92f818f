"""Meta Lead Ads: tells that there is a lead; what it says is fetched afterwards."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from leadloop.capture.door.hooks.reading import items, loaded
from leadloop.capture.door.hooks.signed import Arrived, Event, Hook, Unproven, check, event_key, secret_of, unsigned

_NUMBER = re.compile(r"\d{1,32}")


def challenge(asked: Mapping[str, str], hook: Hook) -> bytes:
    """Return what the platform wants to hear once, when the address is entered there. Raises Unproven."""
    given = asked.get("hub.verify_token", "").encode("utf-8", "replace")
    same = hmac.compare_digest(given, secret_of(hook, "verify_token"))
    if asked.get("hub.mode") != "subscribe" or not same:
        raise Unproven("challenge", "The verification token is wrong.", "Enter the one of this portal there.")
    return asked.get("hub.challenge", "")[:200].encode("ascii", "ignore")


def verify(arrived: Arrived, hook: Hook) -> None:
    """Check X-Hub-Signature-256, made with the app's secret. Raises Unproven."""
    scheme, _, given = arrived.header("x-hub-signature-256").partition("=")
    if scheme != "sha256":
        raise unsigned()
    check(given, secret_of(hook), arrived.body)


def events(arrived: Arrived, hook: Hook) -> list[Event]:  # noqa: ARG001 - the common form
    """Return one event for each lead; changes of other kinds are none. What can't be read is kept whole."""
    told = loaded(arrived.body)
    if not isinstance(told, dict) or "entry" not in told:
        return [Event(event_key("", arrived.body), arrived.body)]
    return [_event(value) for value in _leads(told)]


def _leads(told: dict[str, Any]) -> Iterator[Mapping[str, Any]]:
    for entry in items(told, "entry"):
        for change in items(entry, "changes"):
            value = change.get("value")
            if change.get("field") == "leadgen" and isinstance(value, dict):
                yield value


def _event(value: Mapping[str, Any]) -> Event:
    number, body = str(value.get("leadgen_id", "")), orjson.dumps(value)
    if not _NUMBER.fullmatch(number):
        return Event(event_key("", body), body)
    return Event(event_key(number, body), body, fetch=number)
