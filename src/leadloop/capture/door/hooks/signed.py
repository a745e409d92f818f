"""What a signature is checked with: the raw bytes, never what was read from them."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping

from leadloop.capture.doors import HookScheme
from leadloop.kernel.values import dataclass

CLOCKS_DIFFER = 300.0  # seconds; a signature that names its moment is good for so long


class Unproven(Exception):
    """Who sent this is not shown. `reason` is a code that is counted; the words never quote a secret."""

    def __init__(self, reason: str, words: str, mend: str) -> None:
        super().__init__(words)
        self.reason, self.words, self.mend = reason, words, mend


@dataclass(frozen=True, slots=True)
class Hook:
    """What a portal of a platform was set up with."""

    scheme: HookScheme
    secrets: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Arrived:
    """One request of a platform: header names in small letters, the body as it came, `now` in seconds since 1970."""

    headers: Mapping[bytes, bytes]
    body: bytes
    now: float

    def header(self, name: str) -> str:
        """Return a header's text, "" when it is missing."""
        return self.headers.get(name.lower().encode(), b"").decode("latin-1").strip()


@dataclass(frozen=True, slots=True)
class Event:
    """One thing a platform tells of. The same `key` counts once within its portal, however often it comes.

    `body` is what is stored; `fetch` is the platform's own number when all the rest has to be asked for, else empty.
    """

    key: str
    body: bytes
    fetch: str = ""


def secret_of(hook: Hook, name: str = "secret") -> bytes:
    """Return one of a portal's secrets. Raises Unproven while it has none: then nothing can be shown to be genuine."""
    found = hook.secrets.get(name, "")
    if not found:
        raise no_secret()
    return found.encode()


def no_secret() -> Unproven:
    """The refusal while a portal has no secret, or one that can't be read any more."""
    return Unproven("no_secret", "This portal has no secret yet.", "Set it on the portal's page.")


def check(given: str, secret: bytes, message: bytes, *, encoding: str = "hex", algorithm: str = "sha256") -> None:
    """Compare a signature with the one that is right, in the same time whatever it is. Raises Unproven."""
    made = hmac.new(secret, message, getattr(hashlib, algorithm)).digest()
    right = base64.b64encode(made).decode() if encoding == "base64" else made.hex()
    same = given if encoding == "base64" else given.lower()
    if not hmac.compare_digest(same.encode("utf-8", "replace"), right.encode()):
        raise unsigned()


def unsigned() -> Unproven:
    """The refusal of whatever is not signed with the portal's secret."""
    return Unproven(
        "signature", "The signature is missing or wrong.", "Compare the secret there with the one of this portal."
    )


def stale() -> Unproven:
    """The refusal of what was signed too long ago: somebody may have kept it and sends it again."""
    return Unproven("stale", "The signature is too old.", "Send it anew, and set the sender's clock.")


def same_secret(given: str, secret: bytes) -> None:
    """Compare a secret that was sent as it is. Raises Unproven."""
    if not hmac.compare_digest(given.encode("utf-8", "replace"), secret):
        raise unsigned()


def event_key(said: object, body: bytes) -> str:
    """Return the key under which an event counts once: of what the platform calls it, else of its bytes.

    A digest, for it outlives the erasure of whom it is about.
    """
    named = str(said) if isinstance(said, str | int) and said != "" else ""
    told = f"id {named}".encode("utf-8", "replace") if named else b"body " + body
    return f"event:{hashlib.sha256(told).hexdigest()[:40]}"
