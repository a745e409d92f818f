"""Cutting a body of many rows into its rows while it arrives: JSON lines, or one JSON array. Pure; rows stay unread."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

_BLANK = b" \t\r\n"
# A whole text is one token, so that brackets within it count for nothing; the last form is one that goes on.
_TEXT = rb'"[^"\\]*(?:\\.[^"\\]*)*'
_TOKEN = re.compile(_TEXT + rb'"|[{}\[\],]|' + _TEXT + rb"\\?\Z", re.DOTALL)
_BOM = b"\xef\xbb\xbf"


class Broken(Exception):
    """The body as a whole is no list of rows; says why."""


class TooLong(Exception):
    """One row goes on for longer than a row may."""


class Cutter(Protocol):
    """Gives the rows of what was fed so far, each once, and the last ones at the end."""

    def feed(self, chunk: bytes) -> Iterator[bytes]: ...
    def end(self) -> Iterator[bytes]: ...


class Rows:
    """Finds out by the first letter how rows are told apart, and gives them one after the other.

    Holds no more than one unfinished row, `longest` bytes at most. Raises Broken and TooLong.
    """

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._begun = b""
        self._cutter: Cutter | None = None

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Yield the rows that are whole by now."""
        if self._cutter is None:
            self._begun = (self._begun + chunk).removeprefix(_BOM).lstrip(_BLANK)
            if not self._begun or _BOM.startswith(self._begun):
                return
            chunk, self._begun = self._begun, b""
            self._cutter = _Array(self._longest) if chunk[:1] == b"[" else _Lines(self._longest)
        yield from self._cutter.feed(chunk)

    def end(self) -> Iterator[bytes]:
        """Yield what is left. Raises Broken when the body ends in the middle, or holds no row."""
        if self._cutter is None:
            raise Broken("The body holds no row.")
        yield from self._cutter.end()


class _Lines:
    """One row in each line; blank lines are none."""

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._rest = b""

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        *whole, self._rest = (self._rest + chunk).split(b"\n")
        for line in whole:
            yield from self._row(line)
        if len(self._rest) > self._longest:
            raise TooLong

    def end(self) -> Iterator[bytes]:
        yield from self._row(self._rest)

    def _row(self, line: bytes) -> Iterator[bytes]:
        if len(line) > self._longest:
            raise TooLong
        if row := line.strip(_BLANK):
            yield row


class _Array:
    """The rows of one array: what stands between its commas."""

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._held = b""  # from where the unfinished row begins
        self._seen = 0  # how much of it was looked at
        self._depth = 0
        self._count = 0

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        self._held += chunk
        begins = 0
        for token in _TOKEN.finditer(self._held, self._seen):
            mark = token[0]
            if mark[:1] == b'"':
                if not _is_whole(mark):
                    self._seen = token.start()
                    break
                continue
            row_ends = self._step(mark)
            if row_ends:
                yield from self._row(self._held[begins : token.start()], last=mark == b"]")
            if row_ends or (mark == b"[" and self._depth == 1):
                begins = token.end()
        else:
            self._seen = len(self._held)
        self._held, self._seen = self._held[begins:], self._seen - begins
        if len(self._held) > self._longest:
            raise TooLong

    def end(self) -> Iterator[bytes]:
        if self._depth != 0 or self._held.strip(_BLANK):
            raise Broken("The list ends in the middle.")
        if not self._count:
            raise Broken("The list holds no row.")
        yield from ()

    def _step(self, mark: bytes) -> bool:
        """Go up or down; tell whether a row ends here."""
        if mark in b"[{":
            if mark == b"[" and self._depth == 0 and self._count:
                raise Broken("Something stands behind the list.")
            self._depth += 1
            return False
        if mark == b",":
            return self._depth == 1
        self._depth -= 1
        if self._depth < 0 or (self._depth == 0 and mark != b"]"):
            raise Broken("Something stands behind the list.")
        return self._depth == 0

    def _row(self, text: bytes, *, last: bool) -> Iterator[bytes]:
        row = text.strip(_BLANK)
        if not row:
            if last and not self._count:
                return
            raise Broken("The list has a comma too many.")
        if len(row) > self._longest:
            raise TooLong
        self._count += 1
        yield row


def _is_whole(text: bytes) -> bool:
    """Tell whether a text has its closing mark, which one that is escaped is not."""
    if len(text) < 2 or text[-1:] != b'"':
        return False
    body = text[1:-1]
    return (len(body) - len(body.rstrip(b"\\"))) % 2 == 0
