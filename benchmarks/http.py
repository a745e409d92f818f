"""A client that costs little, so that on two cores it is the server that is measured."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count

import uvloop

END_OF_HEAD = b"\r\n\r\n"


def _size(head: bytes) -> int:
    """The length of the body, which every answer here says."""
    return int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])


class _Line(asyncio.Protocol):
    """One connection: sends the next request when the answer to the last is whole. Answers are short."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]  # a stream has one that writes
        self.transport.write(next(self.load.requests))

    def data_received(self, data: bytes) -> None:
        self.rest += data
        head, found, body = self.rest.partition(END_OF_HEAD)
        if not found:
            return
        if len(body) < _size(head):
            return
        self.rest = b""
        self.load.note(head)
        if self.load.open:
            self.transport.write(next(self.load.requests))

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncio's signature
        if self.load.open:
            self.load.failed += 1


class Load:
    """Requests over so many connections, each waiting for its answer."""

    def __init__(self, requests: Iterator[bytes], expected: bytes) -> None:
        self.requests, self.expected = requests, expected
        self.answered = self.failed = 0
        self.open = True

    def note(self, head: bytes) -> None:
        """Count an answer."""
        if self.expected in head.split(b"\r\n", 1)[0]:
            self.answered += 1
        else:
            self.failed += 1


def rate(port: int, requests: Callable[[Iterator[int]], Iterator[bytes]], *, connections: int, seconds: float) -> float:
    """Answered requests a second. Raises RuntimeError when any was refused: then it isn't the work that is measured."""

    async def go() -> float:
        load = Load(requests(count()), b" 202")
        loop = asyncio.get_running_loop()
        lines = [(await loop.create_connection(lambda: _Line(load), "127.0.0.1", port))[0] for _ in range(connections)]
        began, before = loop.time(), load.answered
        await asyncio.sleep(seconds)
        found = (load.answered - before) / (loop.time() - began)
        load.open = False
        await asyncio.sleep(0.2)
        for line in lines:
            line.close()
        if load.failed:
            raise RuntimeError(f"{load.failed} requests were refused")
        return found

    return uvloop.run(go())


class Sender:
    """Sends at the moments it is told to, over as many connections as that takes. Its answers must be 202."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def send(self, request: bytes) -> None:
        """Return once it is acknowledged; raises RuntimeError when it is refused.

        A server lets connections go that were idle for a while; then, as every client does, it is sent over a new one.
        """
        while self._idle:
            with suppress(asyncio.IncompleteReadError, ConnectionError):
                await self._over(*self._idle.pop(), request)
                return
        await self._over(*await asyncio.open_connection("127.0.0.1", self._port), request)

    async def _over(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> None:
        writer.write(request)
        head = await reader.readuntil(END_OF_HEAD)
        await reader.readexactly(_size(head))
        if b" 202" not in head.split(b"\r\n", 1)[0]:
            raise RuntimeError(f"refused: {head.decode()}")
        self._idle.append((reader, writer))

    def close(self) -> None:
        """Let the connections go."""
        for _, writer in self._idle:
            writer.close()


def post(path: str, token: str, key: str, body: bytes) -> bytes:
    """A delivery as it goes over the wire."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\nIdempotency-Key: {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
