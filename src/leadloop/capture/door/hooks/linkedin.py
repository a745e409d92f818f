"""LinkedIn Lead Gen Forms: tells that there is a lead, and asks every two hours whether we are still there."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping

import orjson

from leadloop.capture.door.hooks.reading import loaded
from leadloop.capture.door.hooks.signed import Arrived, Event, Hook, Unproven, check, event_key, secret_of

_PREFIX = "hmacsha256="
_ANSWER = re.compile(r"urn:li:leadGenFormResponse:([A-Za-z0-9_-]{1,80})")
_LONGEST_CODE = 200


def challenge(asked: Mapping[str, str], hook: Hook) -> bytes:
    """Return the platform's code together with its signature, made with the app's client secret. Raises Unproven."""
    code = asked.get("challengeCode", "")
    if not 0 < len(code) <= _LONGEST_CODE:
        raise Unproven("challenge", "There is no challenge code.", "This address takes leads with POST.")
    made = hmac.new(secret_of(hook), code.encode(), hashlib.sha256).hexdigest()
    return orjson.dumps({"challengeCode": code, "challengeResponse": made})


def verify(arrived: Arrived, hook: Hook) -> None:
    """Check X-LI-Signature: that of the body with a fixed word before it. Raises Unproven."""
    check(arrived.header("x-li-signature").removeprefix(_PREFIX), secret_of(hook), _PREFIX.encode() + arrived.body)


def events(arrived: Arrived, hook: Hook) -> list[Event]:  # noqa: ARG001 - the common form
    """Return the lead told of, which is to be fetched, or given whole; what is told of a deletion is no event."""
    told = loaded(arrived.body)
    if not isinstance(told, dict):
        return [Event(event_key("", arrived.body), arrived.body)]
    if told.get("leadAction", "CREATED") != "CREATED":
        return []
    named = _ANSWER.fullmatch(str(told.get("leadGenFormResponse", "")))
    if named and "formResponse" not in told:
        return [Event(event_key(named[1], arrived.body), arrived.body, fetch=named[1])]
    return [Event(event_key(told.get("id", ""), arrived.body), arrived.body)]
