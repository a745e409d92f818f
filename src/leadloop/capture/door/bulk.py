"""Many rows in one request: cut while they arrive, each looked at, those that can be read stored in one statement."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from typing import Any

import orjson

from leadloop.capture.contracts import Code, Delivery, Received
from leadloop.capture.door.answers import Turned
from leadloop.capture.door.heavy import Heavy
from leadloop.capture.door.rows import Broken, Rows, TooLong
from leadloop.capture.parse.body import BodyError, flat
from leadloop.capture.parse.fields import Field
from leadloop.capture.parse.keys import field_of
from leadloop.capture.services.receive import delivery_key
from leadloop.kernel.values import dataclass
from leadloop.ledger.contracts import Lane

MOST_ROWS = 10_000
MOST_BYTES = 16 << 20
LIVE_UP_TO = 100  # rows; more would keep single deliveries waiting
_SLICE = 64 << 10  # looked at in one go, so that others get their turn
_ONE_LINE = "Write one JSON object in each line, or all of them in one JSON array."
_MENDS = {
    Code.UNREADABLE: "Write the row as one JSON object; numbers must be finite.",
    Code.TOO_DEEP: "Nest at most sixteen levels.",
    Code.NOT_AN_OBJECT: _ONE_LINE,
    Code.EMPTY: "Leave empty rows out.",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one row was not stored."""

    code: str
    problem: str
    field: str
    mend: str


Looked = bytes | Refusal


async def read(pieces: AsyncIterator[bytes], longest: int) -> tuple[list[Looked], str]:
    """Return the rows of a body in order, and the digest of the whole. Turned when it is no list of rows."""
    rows, found, digest = Rows(longest), list[Looked](), hashlib.sha256()
    try:
        async for piece in pieces:
            digest.update(piece)
            for start in range(0, len(piece), _SLICE):
                found += map(look, rows.feed(piece[start : start + _SLICE]))
                if len(found) > MOST_ROWS:
                    raise _too_many()
                await asyncio.sleep(0)
        found += map(look, rows.end())
    except Broken as broken:
        raise Turned(422, "unreadable", str(broken), _ONE_LINE) from None
    except TooLong:
        raise Turned(413, "too_large", f"A row is longer than {longest:,} bytes.", "Send less in each row.") from None
    if len(found) > MOST_ROWS:
        raise _too_many()
    return found, digest.hexdigest()


def look(row: bytes) -> Looked:
    """Return a row that can be stored as it is, else why not."""
    try:
        pairs = flat(row, "application/json")
    except BodyError as error:
        return Refusal(error.code, str(error), "", _MENDS.get(error.code, ""))
    if not pairs:
        return Refusal(Code.EMPTY, "The row says nothing.", "", _MENDS[Code.EMPTY])
    for key, value in _values(row) if b"mail" in row else ():
        if isinstance(value, int | float) and field_of(key) == Field.EMAIL:
            return Refusal("wrong_type", "An e-mail address is a text.", key[:80], 'Write it like "ann@example.com".')
    return row


def _values(row: bytes) -> list[tuple[str, Any]]:
    loaded = orjson.loads(row)
    return list(loaded.items()) if isinstance(loaded, dict) else []


async def store(heavy: Heavy, portal_id: int, found: Sequence[Looked], key: str, digest: str) -> bytes:
    """Store the rows that can be and return the answer, a line for each row. Turned when the key was used before."""
    kept = [row for row in found if isinstance(row, bytes)]
    if not kept:
        refused = [_line(number, row, None) for number, row in enumerate(found, 1)]
        problem = "None of the rows can be stored."
        raise Turned(422, "invalid", problem, "See each row.", more={**_counted(refused), "rows": refused})
    deliveries = [
        Delivery(portal_id=portal_id, key=_key(key, place), body=row, digest=digest if key else "")
        for place, row in enumerate(kept)
    ]
    lane = Lane.LIVE if len(kept) <= LIVE_UP_TO else Lane.BULK
    return await asyncio.to_thread(_stored, heavy, deliveries, int(lane), found)


def _stored(heavy: Heavy, deliveries: Sequence[Delivery], lane: int, found: Sequence[Looked]) -> bytes:
    received = heavy.store(deliveries, lane)
    if received[0].digest != deliveries[0].digest:
        raise key_reused()
    answers = iter(received)
    lines = [
        _line(number, row, next(answers) if isinstance(row, bytes) else None) for number, row in enumerate(found, 1)
    ]
    return orjson.dumps({**_counted(lines), "rows": lines})


def key_reused() -> Turned:
    """The refusal of a key that came before with something else."""
    problem = "This idempotency key came before with another body."
    return Turned(422, "key_reused", problem, "Use a new key for every new delivery.", field="idempotency-key")


def _key(key: str, place: int) -> str:
    """The first row has the sender's very key, so that single and many share it; a number tells the others apart."""
    if not key:
        return delivery_key("")
    return delivery_key(key) if place == 0 else f"{delivery_key(key)}\n{place}"


def _line(number: int, row: Looked, received: Received | None) -> dict[str, Any]:
    if isinstance(row, Refusal):
        said = {"code": row.code, "problem": row.problem, "field": row.field, "mend": row.mend}
        return {"row": number, "status": "refused", **said}
    assert received is not None
    return {"row": number, "status": "known" if received.known else "stored", "id": str(received.submission_id)}


def _counted(lines: Sequence[dict[str, Any]]) -> dict[str, int]:
    states = [line["status"] for line in lines]
    return {state: states.count(state) for state in ("stored", "known", "refused")}


def _too_many() -> Turned:
    return Turned(413, "too_many", f"There are more than {MOST_ROWS:,} rows.", "Send them in several requests.")
