"""A mail server on the loopback that remembers how often it took which message."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller

from tests.browser.site import free_port

_MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)
_MARKETING = re.compile(rb"^List-Unsubscribe:", re.IGNORECASE | re.MULTILINE)


class Sink:
    """Takes everything. `taken` counts by Message-ID, which Leadloop derives from the intent to send."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.taken: Counter[str] = Counter()
        self.marketing: set[str] = set()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        head = envelope.original_content.partition(b"\r\n\r\n")[0]
        found = _MESSAGE_ID.search(head)
        name = found[1].decode() if found else f"unnamed for {envelope.rcpt_tos}"
        self.taken[name] += 1
        if _MARKETING.search(head):
            self.marketing.add(name)
        return "250 OK"


@contextmanager
def sink() -> Iterator[Sink]:
    """One that listens until the block ends."""
    opened = Sink(free_port())
    controller = Controller(opened, hostname="127.0.0.1", port=opened.port, enable_SMTPUTF8=True)
    controller.start()
    try:
        yield opened
    finally:
        controller.stop()
