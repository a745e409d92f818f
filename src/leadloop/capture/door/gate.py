"""Who may come in: portals as the door knows them, at most two seconds old."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from functools import lru_cache
from time import monotonic

import orjson
import psycopg
import structlog

from leadloop.capture.contracts import PortalKind
from leadloop.capture.door.hooks import Hook
from leadloop.capture.door.link import Away, Link
from leadloop.capture.door.spool import Spool
from leadloop.capture.doors import HookScheme
from leadloop.kernel.values import dataclass
from leadloop.platform.sealed import Unreadable, unseal

log = structlog.get_logger()

_OLDEST = 2.0
_RENEW_AFTER = 1.0
_PORTALS = """
select p.id, p.key, p.slug, p.kind, p.token_digest, p.origins, p.is_on, h.scheme::text, h.sealed
  from capture_portal p left join capture_portalhook h on h.portal_id = p.id
"""


@dataclass(frozen=True, slots=True)
class Post:
    """What the door checks of a portal."""

    id: int
    kind: PortalKind
    token_digest: str
    origins: frozenset[str]
    is_on: bool
    hook: Hook | None = None

    def knows_token(self, token: bytes) -> bool:
        """Tell whether this is the portal's secret, in the same time whatever it is."""
        digest = hashlib.sha256(token).hexdigest()
        return bool(self.token_digest) and hmac.compare_digest(digest, self.token_digest)

    def knows_origin(self, origin: str) -> bool:
        """Tell whether pages of this origin may deliver."""
        return "*" in self.origins or origin.lower() in self.origins


class Gate:
    """Looks portals up by key or public slug.

    With a spool what was known last holds while the database is away, so that there is something to keep.
    """

    def __init__(self, link: Link, spool: Spool | None = None) -> None:
        self._link, self._spool = link, spool
        self._posts: dict[str, Post] = {}
        self._read_at = float("-inf")
        self._reading: asyncio.Task[None] | None = None

    async def find(self, name: str) -> Post | None:
        """Return the portal, None when there is none. Raises Away when what is known is old and can't be renewed."""
        age = monotonic() - self._read_at
        if age > _RENEW_AFTER and self._reading is None:
            self._reading = asyncio.create_task(self._read())
            self._reading.add_done_callback(self._read_done)
        if age > _OLDEST and self._reading is not None and not (self._posts and self._spool and self._spool.holds):
            await self._wait(self._reading)
        return self._posts.get(name)

    async def _wait(self, reading: asyncio.Task[None]) -> None:
        try:
            await asyncio.shield(reading)
        except (Away, psycopg.Error):
            if self._spool is None or not self._posts:
                raise
            self._spool.doubt()

    async def _read(self) -> None:
        started = monotonic()
        rows = await self._link.fetch(_PORTALS, [])
        by_slug, by_key = {}, {}
        for portal_id, key, slug, kind, digest, origins, is_on, scheme, sealed in rows:
            hook = _hook(scheme, sealed) if scheme is not None else None
            post = Post(portal_id, PortalKind(kind), digest, frozenset(origins), is_on, hook)
            by_slug[slug], by_key[key] = post, post
        self._posts = by_slug | by_key
        self._read_at = started

    def _read_done(self, task: asyncio.Task[None]) -> None:
        self._reading = None
        if not task.cancelled():
            task.exception()  # whoever waited has seen it; the next one tries again


@lru_cache(maxsize=500)
def _hook(scheme: str, sealed: str) -> Hook | None:
    """Return what a platform's portal was set up with; None when its secrets were sealed with another key."""
    try:
        return Hook(HookScheme(**orjson.loads(scheme)), unseal(sealed))
    except Unreadable:
        log.warning("the secrets of a portal can't be read any more; set them anew")
        return None
