"""The live stream: tells an open worklist that it has new rows. Server-sent events on the ASGI side.

One watcher per process asks the database once for everybody who listens; a listener holds no connection and no thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import SimpleCookie
from importlib import import_module
from typing import Any

import structlog
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.template.loader import render_to_string

from leadloop.leads.queries import newest_by_owner

log = structlog.get_logger()

LOOK_SECONDS = 0.1
KEEP_ALIVE_SECONDS = 15.0
NOTHING = (0, 0)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_listeners: dict[int, set[asyncio.Event]] = {}
_newest: dict[int, tuple[int, int]] = {}
_watcher: asyncio.Task[None] | None = None


async def stream(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve `GET /events` to a signed-in user until they leave."""
    user_id = await _user_of(scope)
    if user_id is None:
        await send({"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": b"Sign in first"})
        return
    headers = [
        (b"content-type", b"text/event-stream"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    gone = asyncio.create_task(_gone(receive))
    try:
        await _tell(user_id, send, gone)
    finally:
        gone.cancel()


async def _tell(user_id: int, send: Send, gone: asyncio.Task[None]) -> None:
    found = await sync_to_async(_look)([user_id])
    count, start = 0, found.get(user_id, NOTHING)
    changed = _listen(user_id)
    try:
        while not gone.done():
            try:
                await asyncio.wait_for(changed.wait(), KEEP_ALIVE_SECONDS)
            except TimeoutError:
                await _send(send, ": still here\n\n")
                continue
            changed.clear()
            now = _newest.get(user_id, NOTHING)
            if now[0] > start[0]:
                count += max(1, now[1] - start[1])
                await _send(send, _pill(count))
            start = now
    finally:
        _listeners[user_id].discard(changed)


def _pill(count: int) -> str:
    html = render_to_string("parts/new_pill.html", {"count": count, "url": "/worklist/rows"})
    lines = "".join(f"data: {line}\n" for line in html.strip().splitlines())
    return f"{lines}\n"


async def _send(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _listen(user_id: int) -> asyncio.Event:
    global _watcher  # noqa: PLW0603 - one watcher per process
    changed = asyncio.Event()
    _listeners.setdefault(user_id, set()).add(changed)
    if _watcher is None or _watcher.done():
        _watcher = asyncio.create_task(_watch())
    return changed


async def _watch() -> None:
    """Look for new rows of everybody who listens, with one statement for all of them."""
    while any(_listeners.values()):
        user_ids = [user_id for user_id, events in _listeners.items() if events]
        try:
            found = await sync_to_async(_look)(user_ids)
        except Exception as error:
            log.warning("live stream can't look", error=type(error).__name__)
            await asyncio.sleep(1)
            continue
        for user_id, newest in found.items():
            if _newest.get(user_id) != newest:
                _newest[user_id] = newest
                for event in _listeners.get(user_id, ()):
                    event.set()
        await asyncio.sleep(LOOK_SECONDS)


def _look(user_ids: list[int]) -> dict[int, tuple[int, int]]:
    try:
        return newest_by_owner(user_ids)
    finally:
        connection.close()


async def _user_of(scope: Scope) -> int | None:
    """The user of the session cookie; None for nobody."""
    cookies = SimpleCookie()
    for name, value in scope["headers"]:
        if name == b"cookie":
            cookies.load(value.decode("latin-1"))
    key = cookies.get(settings.SESSION_COOKIE_NAME)
    return await sync_to_async(_user_of_session)(key.value) if key else None


def _user_of_session(key: str) -> int | None:
    store = import_module(settings.SESSION_ENGINE).SessionStore(key)
    try:
        user_id = store.get(SESSION_KEY)
    finally:
        connection.close()
    return int(user_id) if user_id else None
