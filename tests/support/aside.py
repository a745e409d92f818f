"""Work that needs a loop of its own, while that of a browser may go on running in the thread of the tests."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def run_aside(work: Coroutine[Any, Any, T]) -> T:
    """Run it to its end in a thread of its own."""
    with ThreadPoolExecutor(1) as other:
        return other.submit(asyncio.run, work).result()


def content(answer: Any) -> bytes:
    """What a view answered, also where it comes piece by piece."""
    if not answer.streaming:
        return bytes(answer.content)
    with ThreadPoolExecutor(1) as other:
        return other.submit(b"".join, answer).result()
