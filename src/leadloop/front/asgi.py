"""The web process: the capture door and the live stream beside Django, on one address."""

from __future__ import annotations

import os
import warnings
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.core.asgi import get_asgi_application

# Static files are small and sent from the page cache; that they are read in a thread is no news to anybody.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadloop.settings")
django_application = get_asgi_application()

from leadloop.capture.door import door, shutdown, startup  # noqa: E402 - Django must be set up first
from leadloop.front.body_limit import TooLong, is_too_long, refuse, stopped  # noqa: E402 - as above
from leadloop.front.live import stream  # noqa: E402 - as above
from leadloop.platform.steady import settle_down  # noqa: E402 - as above

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Route one connection."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] != "http":
        return
    elif scope["path"].startswith("/api/capture/"):
        await door(scope, receive, send)  # type: ignore[arg-type]  # ASGI mappings are dicts
    elif scope["path"] == "/events":
        await stream(scope, receive, send)
    elif is_too_long(scope):
        await refuse(send)
    else:
        try:
            await django_application(scope, stopped(scope, receive), send)  # type: ignore[arg-type]  # narrower stubs
        except TooLong:
            await refuse(send)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await startup()
            settle_down()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await shutdown()
            await send({"type": "lifespan.shutdown.complete"})
            return
