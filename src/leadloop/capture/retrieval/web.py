"""One GET to a platform whose address stands in the settings: none that a delivery names, and no redirect."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson

SECONDS = 10
MOST_BYTES = 1 << 20
_REFUSED, _GONE, _BUSY = (401, 403), (404, 410), (408, 425, 429)


class NotGot(Exception):
    """The platform gave nothing: `code` says why, `final` that asking again is no use until somebody mends it."""

    def __init__(self, code: str, *, final: bool = False, answer: Any = None) -> None:
        super().__init__(code)
        self.code, self.final, self.answer = code, final, answer


def get(base: str, path: str, asked: Mapping[str, str], headers: Mapping[str, str]) -> Any:
    """Return the JSON that stands at a path below `base`. The path is ours, checked by the caller. Raises NotGot."""
    parts = urlsplit(base)
    target = f"{parts.path.rstrip('/')}/{path}"
    query = f"?{urlencode(asked)}" if asked else ""
    connection = _connect(parts.scheme, parts.hostname or "", parts.port)
    try:
        connection.request("GET", target + query, headers={"Accept": "application/json", **headers})
        answer = connection.getresponse()
        body, status = answer.read(MOST_BYTES + 1), answer.status
    except (OSError, HTTPException):
        raise NotGot("away") from None
    finally:
        connection.close()
    return _understood(status, body)


def _connect(scheme: str, host: str, port: int | None) -> HTTPConnection:
    if scheme == "https":
        return HTTPSConnection(host, port, timeout=SECONDS, context=ssl.create_default_context())
    return HTTPConnection(host, port, timeout=SECONDS)  # settings allow this for this machine only


def _understood(status: int, body: bytes) -> Any:
    try:
        said = orjson.loads(body) if len(body) <= MOST_BYTES else None
    except orjson.JSONDecodeError:
        said = None
    if status == 200:
        if not isinstance(said, dict):
            raise NotGot("strange")
        return said
    if status in _REFUSED:
        raise NotGot("refused", answer=said)
    if status in _GONE:
        raise NotGot("gone", final=True, answer=said)
    raise NotGot("busy" if status in _BUSY else "away" if status >= 500 else "strange", answer=said)
