"""The capture door: stores what is delivered, unread, and answers once it is durable."""

from __future__ import annotations

import math
from time import monotonic

from leadloop.capture.contracts import Delivery, PortalKind, Received
from leadloop.capture.door import request
from leadloop.capture.door.answers import PREFLIGHT, Header, Send, Turned, answer, cors, turn_away
from leadloop.capture.door.gate import Gate, Post
from leadloop.capture.door.group import Group, Refused
from leadloop.capture.door.limit import Buckets
from leadloop.capture.door.link import Away, Link
from leadloop.capture.door.request import Gone, Receive, Scope
from leadloop.capture.services.receive import delivery_key
from leadloop.kernel import ids

_LINKS = 2
_RATE, _BURST = 1.0, 20
_AWAY = ("away", "We can't take deliveries right now.", "Send it again in a moment.")


class Door:
    """An ASGI application for POST /api/capture/{portal}. `dsn` is where submissions are stored.

    Answers 202 once stored; 401, 403, 404, 405, 413, 422 and 429 to what it won't take; 503 with Retry-After when the
    database is away, within two seconds. What was answered 202 is never lost; what was answered 503 may have been
    stored, so senders repeat with an idempotency key.
    """

    def __init__(self, dsn: str, *, most_bytes: int, links: int = _LINKS) -> None:
        self._most_bytes = most_bytes
        self._buckets = Buckets(rate=_RATE, burst=_BURST)
        self._links = [Link(dsn) for _ in range(links + 1)]
        self._gate = Gate(self._links[0])
        self._group = Group(self._links[1:])

    async def close(self) -> None:
        """Store what has arrived, then let the connections go."""
        await self._group.close()
        for link in self._links:
            await link.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        shared: list[Header] = []
        try:
            await self._serve(scope, receive, send, shared)
        except Turned as refusal:
            await turn_away(send, refusal, shared)
        except Away:
            await turn_away(send, Turned(503, *_AWAY, {"retry-after": "2"}), shared)
        except Refused:
            await turn_away(send, Turned(422, "invalid", "The delivery can't be stored."), shared)
        except Gone:
            return

    async def _serve(self, scope: Scope, receive: Receive, send: Send, shared: list[Header]) -> None:
        headers = dict(scope["headers"])
        post = await self._gate.find(request.portal_name(scope["path"]))
        if post is None or not post.is_on:
            raise Turned(404, "not_found", "There is no such portal.", "Check the address.")
        if post.kind == PortalKind.BROWSER:
            shared += _cors(post, headers)
        method = scope["method"]
        if method == "OPTIONS" and shared:
            await answer(send, 204, b"", shared + PREFLIGHT)
            return
        if method != "POST":
            raise Turned(405, "method", "Deliveries are sent with POST.", headers={"allow": "POST, OPTIONS"})
        self._admit(post, scope, headers)
        received, key = await self._store(post, scope, headers, receive)
        await answer(send, 202, _acknowledgement(received, key), shared)

    def _admit(self, post: Post, scope: Scope, headers: dict[bytes, bytes]) -> None:
        """Turn away who has no right to deliver, or delivers too often."""
        if post.kind == PortalKind.SERVER:
            scheme, _, token = headers.get(b"authorization", b"").partition(b" ")
            if scheme.lower() != b"bearer" or not post.knows_token(token.strip()):
                raise Turned(
                    401, "unauthorised", "The portal's secret is missing or wrong.",
                    "Send it as: Authorization: Bearer <secret>.", {"www-authenticate": "Bearer"},
                )  # fmt: skip
        elif post.kind == PortalKind.BROWSER:
            wait = self._buckets.take((request.address(scope, headers), post.id), monotonic())
            if wait:
                raise Turned(
                    429, "too_often", "Too many deliveries from one address.", "Wait a moment.",
                    {"retry-after": str(math.ceil(wait))},
                )  # fmt: skip
        else:
            raise Turned(403, "forbidden", "This portal takes no deliveries by this address.")

    async def _store(
        self, post: Post, scope: Scope, headers: dict[bytes, bytes], receive: Receive
    ) -> tuple[Received, str]:
        """Read the body and store it; return the answer and the sender's idempotency key."""
        key = request.idempotency_key(headers)
        body = await request.body(headers, receive, self._most_bytes)
        digest = ids.sha256_hex(body) if key else ""
        received = await self._group.put(
            Delivery(
                portal_id=post.id,
                key=delivery_key(key),
                digest=digest,
                body=body,
                content_type=headers.get(b"content-type", b"application/json").decode("latin-1")[:200],
                context=request.context(scope, headers, public=post.kind == PortalKind.BROWSER),
            )
        )
        if received.digest != digest:
            raise Turned(
                422, "key_reused", "This idempotency key came before with another body.",
                "Use a new key for every new delivery.",
            )  # fmt: skip
        return received, key


def _cors(post: Post, headers: dict[bytes, bytes]) -> list[Header]:
    """Return the headers for a page of an origin that may deliver; turn others away."""
    origin = headers.get(b"origin", b"").decode("latin-1")
    if not origin or not post.knows_origin(origin):
        raise Turned(
            403, "origin", "Pages from there may not deliver to this portal.", "Add the page's origin to the portal."
        )
    return cors(origin)


def _acknowledgement(received: Received, key: str) -> bytes:
    """Say what happened. Without a key of the sender's own, known means: stored by our own first attempt."""
    status = b"known" if received.known and key else b"stored"
    return b'{"id":"%d","status":"%s"}' % (received.submission_id, status)
