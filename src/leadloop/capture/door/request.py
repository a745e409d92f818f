"""What the door reads of a request, and no more."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from leadloop.capture.door.answers import Turned
from leadloop.kernel.text import one_line

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
PREFIX = "/api/capture/"
BULK = "bulk"
_LOCAL = frozenset({"127.0.0.1", "::1", ""})
_LONGEST_KEY = 200


class Gone(Exception):
    """The sender hung up before the body was whole."""


def portal_name(path: str) -> tuple[str, bool]:
    """Return the key or slug in the path, empty when there is none, and whether many rows come at once."""
    name = path.removeprefix(PREFIX).rstrip("/") if path.startswith(PREFIX) else ""
    if "/" not in name:
        return name, False
    name, _, tail = name.partition("/")
    return (name, True) if tail == BULK else ("", False)


def address(scope: Scope, headers: dict[bytes, bytes]) -> str:
    """Return who is asking. A proxy is believed only when it runs on this machine."""
    client = (scope.get("client") or ("",))[0]
    forwarded = headers.get(b"x-forwarded-for")
    if client in _LOCAL and forwarded:
        return one_line(forwarded.decode("latin-1").rpartition(",")[2], 64)
    return str(client)


def idempotency_key(headers: dict[bytes, bytes]) -> str:
    """Return the sender's key for this delivery, empty when there is none. Turned away when it can't be kept."""
    raw = headers.get(b"idempotency-key", b"").decode("latin-1").strip()
    if len(raw) > _LONGEST_KEY or not raw.isprintable():
        mend = f"Use up to {_LONGEST_KEY} characters."
        raise Turned(422, "invalid", "The idempotency key is too long or not plain text.", mend)
    return raw


def context(scope: Scope, headers: dict[bytes, bytes], *, public: bool) -> dict[str, str]:
    """Return what is kept about the circumstances: the query, and for public portals who sent it from where."""
    found = {"query": scope.get("query_string", b"")}
    if public:
        found |= {
            "agent": headers.get(b"user-agent", b""),
            "referrer": headers.get(b"referer", b""),
            "origin": headers.get(b"origin", b""),
        }
    kept = {name: one_line(raw.decode("latin-1"), 1000) for name, raw in found.items() if raw}
    if public:
        kept["address"] = address(scope, headers)
    return kept


async def body(headers: dict[bytes, bytes], receive: Receive, most: int) -> bytes:
    """Read the body, stopping as soon as it is too long. Raises Gone, or turns away."""
    chunks = [chunk async for chunk in pieces(headers, receive, most)]
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


async def pieces(headers: dict[bytes, bytes], receive: Receive, most: int) -> AsyncIterator[bytes]:
    """Yield the body as it arrives, stopping as soon as it is too long. Raises Gone, or turns away."""
    announced = headers.get(b"content-length", b"")
    if announced.isdigit() and int(announced) > most:
        raise _too_long(most)
    size = 0
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise Gone
        chunk: bytes = message.get("body", b"")
        size += len(chunk)
        if size > most:
            raise _too_long(most)
        more = bool(message.get("more_body"))
        yield chunk


def _too_long(most: int) -> Turned:
    problem, mend = f"The delivery is longer than {most:,} bytes.", "Send less, or bring it in as a file."
    return Turned(413, "too_large", problem, mend, {"connection": "close"})
