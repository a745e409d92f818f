"""Webhooks of platforms at the door: who sent it is shown first, then it is stored, then it is answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from time import time
from typing import TypeVar
from urllib.parse import parse_qsl

from leadloop.capture.contracts import Delivery, Received
from leadloop.capture.door.answers import Turned
from leadloop.capture.door.gate import Post
from leadloop.capture.door.group import Group
from leadloop.capture.door.hooks import PLATFORMS, Arrived, Event, Hook, Unproven
from leadloop.capture.door.hooks.signed import no_secret
from leadloop.capture.door.link import Link
from leadloop.capture.door.spool import Spool
from leadloop.capture.door.tally import Tally
from leadloop.capture.doors import FETCHING

_MOST_EVENTS = 1_000  # of one request
_T = TypeVar("_T")


class Hooked:
    """Takes what platforms tell of; `live` stores what came whole."""

    def __init__(self, live: Group, link: Link, tally: Tally, spool: Spool | None = None) -> None:
        self._live = live
        self._fetching = Group([link], lane=FETCHING, spool=spool)
        self._tally = tally

    async def close(self) -> None:
        """Store what has arrived, and stop."""
        await self._fetching.close()

    def challenge(self, post: Post, query: bytes) -> bytes | None:
        """Answer the question by which a platform makes sure of an address; None where it asks none. Raises Turned."""
        ask = PLATFORMS[post.kind].challenge
        if ask is None:
            return None
        asked = dict(parse_qsl(query.decode("latin-1"), max_num_fields=20)) if len(query) < 2_000 else {}
        return _proven(lambda: ask(asked, _hook(post)), status=403)

    async def take(self, post: Post, headers: Mapping[bytes, bytes], body: bytes) -> bytes:
        """Store the events of one request and say how many were new. Raises Turned, Away and Refused."""
        platform, arrived = PLATFORMS[post.kind], Arrived(headers, body, time())
        hook = _proven(lambda: _shown(platform.verify, arrived, post), status=401)
        events = platform.events(arrived, hook)
        if len(events) > _MOST_EVENTS:
            raise Turned(413, "too_many", f"There are more than {_MOST_EVENTS:,} events.", "Send fewer at once.")
        received = await asyncio.gather(*(self._put(post, event) for event in events))
        known = sum(one.known for one in received)
        if known:
            self._tally.add(post.id, "repeated", known)
        if not events:
            self._tally.add(post.id, "no_event")
        return b'{"stored":%d,"known":%d}' % (len(received) - known, known)

    async def _put(self, post: Post, event: Event) -> Received:
        group = self._fetching if event.fetch else self._live
        context = {"fetch": event.fetch} if event.fetch else {}
        return await group.put(Delivery(portal_id=post.id, key=event.key, body=event.body, context=context))


def _shown(verify: Callable[[Arrived, Hook], None], arrived: Arrived, post: Post) -> Hook:
    hook = _hook(post)
    verify(arrived, hook)
    return hook


def _hook(post: Post) -> Hook:
    if post.hook is None:
        raise no_secret()
    return post.hook


def _proven(prove: Callable[[], _T], *, status: int) -> _T:
    try:
        return prove()
    except Unproven as refusal:
        raise Turned(status, refusal.reason, refusal.words, refusal.mend) from None
