"""A body that is too long is stopped before anything of it is kept, announced or not."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from leadloop.front import body_limit
from leadloop.front.capture.uploads import MOST_BYTES

MIB = 1 << 20


def scope(path: str, **headers: str) -> dict[str, Any]:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "path": path, "headers": raw}


@pytest.mark.parametrize(
    ("path", "length", "refused"),
    [
        ("/f/web-form", "1000", False),
        ("/f/web-form", str(3 * MIB), True),
        ("/imports/upload", str(MOST_BYTES), False),
        ("/imports/upload", str(MOST_BYTES + 2 * MIB), True),
        ("/imports/take-over", str(MOST_BYTES), False),
        ("/imports", str(MOST_BYTES), True),
        ("/leads", "", False),
        ("/leads", "many", False),
    ],
)
def test_what_is_announced_too_long_is_refused(path: str, length: str, refused: bool) -> None:
    assert body_limit.is_too_long(scope(path, content_length=length)) is refused


def test_what_was_not_announced_is_cut_off_when_it_grows_too_long() -> None:
    chunks = iter([{"type": "http.request", "body": b"x" * MIB, "more_body": True}] * 5)

    async def receive() -> Any:
        return next(chunks)

    async def read() -> None:
        limited = body_limit.stopped(scope("/f/web-form"), receive)
        assert (await limited())["body"]
        assert (await limited())["body"]
        with pytest.raises(body_limit.TooLong):
            await limited()

    asyncio.run(read())


def test_the_refusal_says_why() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(body_limit.refuse(send))
    assert sent[0]["status"] == 413
    assert b"too long" in sent[1]["body"]
