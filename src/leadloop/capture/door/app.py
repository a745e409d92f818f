"""The capture door: stores what is delivered, unread, and answers once it is durable."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import orjson

from leadloop.capture.contracts import Delivery, PortalKind, Received
from leadloop.capture.door import bulk, description, request
from leadloop.capture.door.answers import PREFLIGHT, Header, Send, Turned, answer, cors, turn_away
from leadloop.capture.door.bulk import key_reused
from leadloop.capture.door.gate import Gate, Post
from leadloop.capture.door.group import KEPT, Group, Refused
from leadloop.capture.door.heavy import Heavy
from leadloop.capture.door.hooked import Hooked
from leadloop.capture.door.limit import Buckets
from leadloop.capture.door.link import Away, Link
from leadloop.capture.door.request import Gone, Receive, Scope
from leadloop.capture.door.spool import Spool
from leadloop.capture.door.tally import Tally
from leadloop.capture.doors import HOOKS
from leadloop.capture.services.receive import delivery_key
from leadloop.kernel import ids

_LINKS = 2
_RATE, _BURST = 1.0, 20
_READ_SECONDS = 60
_SPOOL_SECONDS = 20.0  # nobody waits for what is stored from there
_AWAY = ("away", "We can't take deliveries right now.", "Send it again in a moment.")


@dataclass(slots=True)
class Visit:
    """What is known of a request by the time it is answered."""

    headers: list[Header] = field(default_factory=list)
    post: Post | None = None


class Door:
    """An ASGI application for POST /api/capture/{portal} and …/bulk. `dsn` is where submissions are stored.

    Answers 202 (platforms: 200) once stored; 401, 403, 404, 405, 408, 413, 422 and 429 to what it won't take; 503 with
    Retry-After when the database is away, within two seconds. What was answered 202 is never lost; what was answered
    503 may have been stored, so senders repeat with an idempotency key. With `spool`, a folder, single deliveries are
    then kept there and answered 202 as well.
    """

    def __init__(self, dsn: str, *, most_bytes: int, links: int = _LINKS, spool: Path | None = None) -> None:
        self._most_bytes = most_bytes
        self._buckets = Buckets(rate=_RATE, burst=_BURST)
        self._links = [Link(dsn) for _ in range(3 + links)]  # each is made when it is first needed
        self._spool = Spool(spool, Link(dsn, seconds=_SPOOL_SECONDS)) if spool else None
        self._gate = Gate(self._links[0], self._spool)
        self._tally = Tally(self._links[1])
        self._group = Group(self._links[3:], spool=self._spool)
        self._hooked = Hooked(self._group, self._links[2], self._tally, self._spool)
        self._heavy = Heavy(dsn)

    async def close(self) -> None:
        """Store what has arrived, then let the connections go."""
        await self._hooked.close()
        await self._group.close()
        await self._tally.close()
        if self._spool is not None:
            await self._spool.close()
        for link in self._links:
            await link.close()
        await self._heavy.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        visit = Visit()
        try:
            await self._serve(scope, receive, send, visit)
        except Turned as refusal:
            await self._turn_away(send, refusal, visit)
        except Away:
            await self._turn_away(send, Turned(503, *_AWAY, {"retry-after": "2"}), visit)
        except Refused:
            await self._turn_away(send, Turned(422, "invalid", "The delivery can't be stored."), visit)
        except Gone:
            return

    async def _serve(self, scope: Scope, receive: Receive, send: Send, visit: Visit) -> None:
        headers = dict(scope["headers"])
        name, many = request.portal_name(scope["path"])
        visit.post = post = await self._gate.find(name)
        if post is None and name == description.NAME and scope["method"] == "GET":
            await answer(send, 200, orjson.dumps(description.describe()), [])
            return
        if post is None or not post.is_on:
            raise Turned(404, "not_found", "There is no such portal.", "Check the address.")
        if post.kind in HOOKS and not many:
            await self._serve_platform(post, scope, receive, send)
            return
        if post.kind == PortalKind.BROWSER:
            visit.headers += _cors(post, headers)
        method = scope["method"]
        if method == "OPTIONS" and visit.headers:
            await answer(send, 204, b"", visit.headers + PREFLIGHT)
            return
        if method != "POST":
            raise _wrong_method()
        self._admit(post, scope, headers, many=many)
        if many:
            await answer(send, 202, await self._store_many(post, headers, receive), [])
            return
        received, key = await self._store(post, scope, headers, receive)
        await answer(send, 202, _acknowledgement(received, key), visit.headers)

    async def _serve_platform(self, post: Post, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a platform's webhook, or its question whether the address is right."""
        if scope["method"] == "GET":
            said = self._hooked.challenge(post, scope.get("query_string", b""))
            if said is not None:
                await answer(send, 200, said, [], plain=not said.startswith(b"{"))
                return
        if scope["method"] != "POST":
            raise _wrong_method()
        headers = dict(scope["headers"])
        body = await request.body(headers, receive, self._most_bytes)
        await answer(send, 200, await self._hooked.take(post, headers, body), [])

    def _admit(self, post: Post, scope: Scope, headers: dict[bytes, bytes], *, many: bool) -> None:
        """Turn away who has no right to deliver, or delivers too often."""
        if many and post.kind != PortalKind.SERVER:
            raise Turned(403, "forbidden", "Many at once are taken from other systems only.", "Send them one by one.")
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
            raise key_reused()
        return received, key

    async def _store_many(self, post: Post, headers: dict[bytes, bytes], receive: Receive) -> bytes:
        """Read many rows and store them together; return the answer to each."""
        key = request.idempotency_key(headers)
        async with self._heavy:
            try:
                async with asyncio.timeout(_READ_SECONDS):
                    pieces = request.pieces(headers, receive, bulk.MOST_BYTES)
                    found, digest = await bulk.read(pieces, self._most_bytes)
            except TimeoutError:
                raise Turned(408, "too_slow", "The rows did not arrive in time.", "Send fewer at once.") from None
            return await bulk.store(self._heavy, post.id, found, key, digest)

    async def _turn_away(self, send: Send, refusal: Turned, visit: Visit) -> None:
        if visit.post is not None:
            self._tally.add(visit.post.id, refusal.code)
        await turn_away(send, refusal, visit.headers)


def _wrong_method() -> Turned:
    return Turned(405, "method", "Deliveries are sent with POST.", headers={"allow": "POST, OPTIONS"})


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
    if received.submission_id == KEPT:
        return b'{"id":null,"status":"kept"}'
    status = b"known" if received.known and key else b"stored"
    return b'{"id":"%d","status":"%s"}' % (received.submission_id, status)
