"""What the door answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson

Send = Callable[[dict[str, Any]], Awaitable[None]]
Header = tuple[bytes, bytes]
_JSON: Header = (b"content-type", b"application/json")
_TYPE_HELD: Header = (b"x-content-type-options", b"nosniff")


class Turned(Exception):
    """A delivery that is not taken: status, code, and plain words on what is wrong and how to mend it."""

    def __init__(
        self, status: int, code: str, problem: str, mend: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(problem)
        self.status, self.headers = status, headers or {}
        self.body = orjson.dumps({"code": code, "problem": problem, "mend": mend})


async def answer(send: Send, status: int, body: bytes, headers: list[Header]) -> None:
    """Send one whole answer."""
    size: Header = (b"content-length", b"%d" % len(body))
    kept = [_JSON, _TYPE_HELD, size] if body else [size]
    await send({"type": "http.response.start", "status": status, "headers": kept + headers})
    await send({"type": "http.response.body", "body": body})


async def turn_away(send: Send, refusal: Turned, headers: list[Header]) -> None:
    """Send a refusal."""
    own = [(name.lower().encode(), text.encode("latin-1")) for name, text in refusal.headers.items()]
    await answer(send, refusal.status, refusal.body, headers + own)


def cors(origin: str) -> list[Header]:
    """Let a page of this origin read the answer; no cookies are involved."""
    return [(b"access-control-allow-origin", origin.encode("latin-1")), (b"vary", b"origin")]


PREFLIGHT: list[Header] = [
    (b"access-control-allow-methods", b"POST"),
    (b"access-control-allow-headers", b"content-type, idempotency-key"),
    (b"access-control-max-age", b"600"),
]
