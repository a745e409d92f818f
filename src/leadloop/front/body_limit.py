"""How long a request may be, looked at before anything of it is kept.

Django writes a whole body to disk before it looks at who is asking, so this is where it must be stopped.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings

from leadloop.capture.mailbox import LONGEST_POST
from leadloop.capture.pages.pictures import MOST_BYTES as PICTURE
from leadloop.front.capture.uploads import MOST_BYTES


class TooLong(Exception):
    """A body that nobody announced has grown past its limit."""


UPLOADS = ("/imports/upload", "/imports/take-over")
MAIL = "/api/mail-in/"
PAGES = "/pages/"  # a landing page that is built, with a few pictures at once
AROUND = 1 << 20  # what a form with a file says besides the file


def most(path: str) -> int:
    """The longest body of an address, in bytes."""
    if path.startswith(MAIL):
        return LONGEST_POST + AROUND
    if path.startswith(PAGES):
        return 3 * PICTURE + AROUND
    return MOST_BYTES + AROUND if path in UPLOADS else int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE) + AROUND


def is_too_long(scope: Any) -> bool:
    """Whether a request announces more than it may send."""
    announced = dict(scope["headers"]).get(b"content-length", b"")
    return announced.isdigit() and int(announced) > most(scope["path"])


async def refuse(send: Any) -> None:
    """Answer without having read anything."""
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": b"This is too long. Send less, or bring it in as a file."})


def stopped(scope: Any, receive: Any) -> Any:
    """Receive for bodies of unknown length; raises TooLong as soon as one is."""
    limit, seen = most(scope["path"]), 0

    async def receive_some() -> Any:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise TooLong
        return message

    return receive_some
