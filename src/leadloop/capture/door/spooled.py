"""A delivery as it lies on disk: a line of JSON, the first line of a file its checksum."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import orjson

from leadloop.capture.contracts import Delivery
from leadloop.kernel import ids
from leadloop.kernel.values import dataclass


class Unreadable(Exception):
    """A file is not what was written."""


@dataclass(frozen=True, slots=True)
class Spooled:
    """A delivery, the lane it takes and when it was acknowledged."""

    delivery: Delivery
    lane: int
    at: datetime

    @property
    def key(self) -> tuple[int, str]:
        """What makes it count once."""
        return self.delivery.portal_id, self.delivery.key


def written(several: Sequence[Spooled]) -> bytes:
    """Return the content of a file."""
    lines = b"\n".join(map(_line, several))
    return ids.sha256_hex(lines).encode() + b"\n" + lines


def read(file: Path) -> list[Spooled]:
    """Return what a file holds, as it was written. Raises Unreadable."""
    digest, _, lines = file.read_bytes().partition(b"\n")
    if digest.decode("latin-1") != ids.sha256_hex(lines):
        raise Unreadable
    return [_spooled(line) for line in lines.split(b"\n")]


def without(content: bytes, addresses: Sequence[str]) -> bytes:
    """Return the content of a file without deliveries that hold one of these addresses, given in lower case."""
    kept = [one for one in content.split(b"\n")[1:] if not any(given in _said(one) for given in addresses)]
    lines = b"\n".join(kept)
    return ids.sha256_hex(lines).encode() + b"\n" + lines if kept else b""


def apart(one: Spooled) -> Spooled:
    """Return a delivery under a key of its own, the same one every time."""
    key = f"kept:{ids.sha256_hex(one.delivery.key)}:{one.delivery.digest}"
    return replace(one, delivery=replace(one.delivery, key=key))


def _said(line: bytes) -> str:
    """What a line says, as text in lower case; of one that is damaged as much as can be told."""
    try:
        return _spooled(line).delivery.body.decode("utf-8", "replace").lower()
    except (ValueError, KeyError, TypeError):
        return line.decode("utf-8", "replace").lower()


def _line(one: Spooled) -> bytes:
    given = one.delivery
    said = {
        "portal_id": given.portal_id,
        "key": given.key,
        "digest": given.digest,
        "body": b64encode(given.body).decode(),
        "content_type": given.content_type,
        "context": dict(given.context),
    }
    return orjson.dumps({"delivery": said, "lane": one.lane, "at": one.at})


def _spooled(line: bytes) -> Spooled:
    said = orjson.loads(line)
    delivery = Delivery(**(said["delivery"] | {"body": b64decode(said["delivery"]["body"])}))
    return Spooled(delivery, said["lane"], datetime.fromisoformat(said["at"]))
