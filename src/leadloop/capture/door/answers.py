"""What the door answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson

Send = Callable[[dict[str, Any]], Awaitable[None]]
Header = tuple[bytes, bytes]
_JSON: Header = (b"content-type", b"application/json")
_TEXT: Header = (b"content-type", b"text/plain; charset=utf-8")
_TYPE_HELD: Header = (b"x-content-type-options", b"nosniff")


class Turned(Exception):
    """A delivery that is not taken: status, code, and plain words on what is wrong, in which field, how to mend it."""

    def __init__(
        self,
        status: int,
        code: str,
        problem: str,
        mend: str = "",
        headers: Mapping[str, str] | None = None,
        *,
        field: str = "",
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(problem)
        self.status, self.code, self.headers = status, code, headers or {}
        self.body = orjson.dumps({"code": code, "problem": problem, "field": field, "mend": mend, **(more or {})})


async def answer(send: Send, status: int, body: bytes, headers: list[Header], *, plain: bool = False) -> None:
    """Send one whole answer: JSON, or `plain` text."""
    size: Header = (b"content-length", b"%d" % len(body))
    kept = [_TEXT if plain else _JSON, _TYPE_HELD, size] if body else [size]
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
