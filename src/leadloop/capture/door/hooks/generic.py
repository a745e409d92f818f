"""Whatever else can send JSON: how it shows who it is, and where its number stands, is said on the portal's page."""

from __future__ import annotations

from leadloop.capture.door.hooks.reading import loaded
from leadloop.capture.door.hooks.signed import Arrived, Event, Hook, check, event_key, same_secret, secret_of
from leadloop.capture.doors import Proof
from leadloop.capture.parse.paths import first

_ALGORITHMS = {Proof.HMAC_SHA256: "sha256", Proof.HMAC_SHA1: "sha1", Proof.HMAC_SHA512: "sha512"}


def verify(arrived: Arrived, hook: Hook) -> None:
    """Check the header that the portal names: the secret itself, or a signature of the body. Raises Unproven."""
    scheme, secret = hook.scheme, secret_of(hook)
    given = arrived.header(scheme.header).removeprefix(scheme.prefix).strip()
    if scheme.proof == Proof.SECRET:
        same_secret(given, secret)
    else:
        check(given, secret, arrived.body, encoding=scheme.encoding, algorithm=_ALGORITHMS[scheme.proof])


def events(arrived: Arrived, hook: Hook) -> list[Event]:
    """Return the one event of a request, called by what stands at the portal's path."""
    said = first(loaded(arrived.body), hook.scheme.event_path) if hook.scheme.event_path else ""
    return [Event(event_key(said, arrived.body), arrived.body)]
