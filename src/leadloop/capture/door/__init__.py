"""The capture door as the web server mounts it: `door` is the ASGI callable, with its hooks for lifespan."""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

from leadloop.capture.door.answers import Send
from leadloop.capture.door.app import Door
from leadloop.capture.door.request import PREFIX, Receive, Scope

__all__ = ["PREFIX", "Door", "door", "shutdown", "startup"]

_open: list[Door] = []


async def startup() -> None:
    """Open the door of this process; does nothing when it is open."""
    if not _open:
        _open.append(Door(_dsn(), most_bytes=settings.DATA_UPLOAD_MAX_MEMORY_SIZE, spool=settings.SPOOL))


async def shutdown() -> None:
    """Store what has arrived and close the door."""
    if _open:
        await _open.pop().close()


async def door(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve one request to /api/capture/…, opening the door first if nobody has."""
    await startup()
    await _open[0](scope, receive, send)


def _dsn() -> str:
    """Return the address of Django's own database, so that both always mean the same one."""
    own = connection.settings_dict
    others = {key: value for key, value in own["OPTIONS"].items() if key != "pool"}  # the door keeps its own lines
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    return make_conninfo(**{key: str(own[name]) for key, name in named.items() if own[name]}, **others)
