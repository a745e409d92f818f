"""The web process with a clock that stands still, so that the same company looks the same on every day."""

from __future__ import annotations

from leadloop.front.asgi import Receive, Scope, Send
from leadloop.front.asgi import application as living
from leadloop.kernel import clock
from scripts.pictures import MOMENT


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one connection as at that moment."""
    with clock.at(MOMENT):
        await living(scope, receive, send)
