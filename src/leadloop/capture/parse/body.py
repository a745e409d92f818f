"""From the bytes of a delivery to one flat list of keys and texts."""

from __future__ import annotations

from collections.abc import Mapping
from email import message_from_bytes
from email.message import Message
from email.policy import HTTP
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl

import orjson

from leadloop.capture.contracts import Code

Flat = list[tuple[str, str]]

_DEEPEST = 16
_MOST_VALUES = 500
_MOST_LOOKED = 4 * _MOST_VALUES  # values, empty ones too: no body keeps others waiting
_WORDS = {
    Code.EMPTY: "The delivery is empty.",
    Code.UNREADABLE: "The delivery is neither JSON nor a form.",
    Code.TOO_DEEP: "The delivery is nested too deeply.",
    Code.NOT_AN_OBJECT: "The delivery is JSON, but not one object with named values.",
    Code.NO_LETTER: "There is no e-mail in it. If it asks to confirm a subscription, open the address it names.",
}
# Lists of answers say under one of these what was asked, and under one of those what was answered.
_ASKED = ("name", "key", "label", "column_id", "column_name", "question", "questionId")
_ANSWERED = ("value", "values", "string_value", "answer", "answers", "answerDetails")


class _Found(list[tuple[str, str]]):
    """The texts found so far, and how many further values are looked at."""

    __slots__ = ("left",)

    def __init__(self, left: int = _MOST_LOOKED) -> None:
        super().__init__()
        self.left = left

    def goes_on(self) -> bool:
        """Count one more value; False once there are enough."""
        self.left -= 1
        return self.left >= 0 and len(self) < _MOST_VALUES


class BodyError(Exception):
    """A body that can't be read; says why by code."""

    def __init__(self, code: Code) -> None:
        super().__init__(_WORDS[code])
        self.code = code


def flat(body: bytes, content_type: str) -> Flat:
    """Return the values of a body with their keys, nested keys joined by dots.

    Reads JSON, urlencoded and multipart forms; what a body says it is counts less than what it looks like. Numbers
    and truth values become text. Raises BodyError.
    """
    trimmed = body.removeprefix(b"\xef\xbb\xbf").strip()
    if not trimmed:
        raise BodyError(Code.EMPTY)
    if trimmed[:1] in b'{["':
        return flatten(_json(trimmed))
    if content_type.startswith("multipart/form-data"):
        return _multipart(trimmed, content_type)
    if b"=" in trimmed and "json" not in content_type:
        return _form(trimmed)
    raise BodyError(Code.UNREADABLE)


def flatten(loaded: Any) -> Flat:
    """Return the texts within a JSON object. A list that holds one object only is taken for that object."""
    if isinstance(loaded, list) and len(loaded) == 1:
        loaded = loaded[0]
    if not isinstance(loaded, Mapping):
        raise BodyError(Code.NOT_AN_OBJECT)
    found = _Found()
    for key, value in loaded.items() if len(loaded) <= _MOST_LOOKED else islice(loaded.items(), _MOST_LOOKED):
        if value.__class__ is str:
            found.append((key, value))
        elif value is not None:
            _add(found, key, value, 1)
    return found[:_MOST_VALUES]


def _add(found: _Found, path: str, value: Any, depth: int) -> None:
    """Append the texts within a value under their paths, as long as it goes on."""
    if depth > _DEEPEST:
        raise BodyError(Code.TOO_DEEP)
    if not found.goes_on():
        return
    if isinstance(value, str):
        found.append((path, value))
    elif isinstance(value, bool):
        found.append((path, "yes" if value else "no"))
    elif isinstance(value, int | float):
        found.append((path, str(value)))
    elif isinstance(value, Mapping):
        for key, inner in islice(value.items(), _MOST_LOOKED):
            _add(found, f"{path}.{key}", inner, depth + 1)
    elif isinstance(value, list):
        _add_list(found, path, value, depth)


def _add_list(found: _Found, path: str, items: list[Any], depth: int) -> None:
    """Append a list: answers under what was asked, plain texts joined, anything else item by item."""
    if all(isinstance(item, str | int | float) for item in items):
        if items:
            found.append((path, ", ".join(map(str, items))))
        return
    for item in items[:_MOST_LOOKED]:
        asked = _asked(item)
        if asked is None:
            _add(found, path, item, depth + 1)
            continue
        name, answer = asked
        inner = _Found(found.left)
        _add(inner, name, answer, depth + 1)
        found.left = inner.left
        if inner:
            found.append((name, inner[0][1]))


def _asked(item: Any) -> tuple[str, Any] | None:
    """Return what was asked and answered when an item of a list is such a pair."""
    if not isinstance(item, Mapping):
        return None
    name: Any
    if isinstance(item.get("field"), Mapping):  # {"type": "email", "email": …, "field": {"ref": …}}
        name = item["field"].get("ref") or item["field"].get("id")
        value = item.get(str(item.get("type")))
    else:
        name = next((item[key] for key in _ASKED if item.get(key)), None)
        value = next((item[key] for key in _ANSWERED if item.get(key) is not None), None)
    if value is None or not isinstance(name, str | int):
        return None
    return str(name), value


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        if "depth" in error.msg:
            raise BodyError(Code.TOO_DEEP) from None
        raise BodyError(Code.UNREADABLE) from None


def _form(body: bytes) -> Flat:
    try:
        pairs = parse_qsl(body.decode("ascii"), encoding="utf-8", errors="strict", max_num_fields=_MOST_VALUES)
    except UnicodeError:
        # An old page in a western encoding; UTF-8 would have failed on nothing else.
        pairs = parse_qsl(body.decode("latin-1"), encoding="cp1252", errors="replace", max_num_fields=_MOST_VALUES)
    except ValueError:
        raise BodyError(Code.UNREADABLE) from None
    return pairs


def _multipart(body: bytes, content_type: str) -> Flat:
    """Read the text fields of a multipart form; files are left out."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode("ascii", "replace")
    message = message_from_bytes(head + body, policy=HTTP)
    found: Flat = []
    for part in message.walk():
        if isinstance(part, Message) and not part.is_multipart() and not part.get_filename():
            name = part.get_param("name", header="content-disposition")
            payload = part.get_payload(decode=True)
            if isinstance(name, str) and isinstance(payload, bytes):
                found.append((name, payload.decode("utf-8", "replace").rstrip("\r\n")))
    if not found:
        raise BodyError(Code.UNREADABLE)
    return found[:_MOST_VALUES]
