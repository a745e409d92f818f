"""Letters as bytes, in whatever alphabet their sender says or forgets to say."""

from __future__ import annotations

import codecs
from email.errors import HeaderParseError
from email.header import decode_header
from typing import Any

# Only real alphabets: other codecs of Python do work of their own, or take time that grows with the square of a text.
_ALPHABETS = (
    "ascii", "utf", "iso8859", "cp", "koi8", "gb", "big5", "euc", "shift", "iso2022", "mac", "tis", "hz", "johab",
)  # fmt: skip
# What is said for what is meant.
_MEANT = {"ascii": "utf-8", "iso8859-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949"}


def decoded(raw: bytes, said: str) -> str:
    """Return a text: by the alphabet that is said, else UTF-8, else a western one. Never fails."""
    for name in (_alphabet(said), "utf-8"):
        try:
            return raw.decode(name).removeprefix("\ufeff") if name else _fails()
        except (UnicodeError, LookupError):
            continue
    return raw.decode("cp1252", "replace")


def decoded_header(value: Any, *, words: bool = True) -> str:
    """Return a header as text; `words` reads encoded words (RFC 2047). Bytes that should not be there are read too."""
    text = str(value)
    if not text.isascii():
        text = text.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
        text = decoded(text.encode("utf-8", "surrogateescape"), "utf-8")
    if not words or "=?" not in text:
        return text
    try:
        parts = decode_header(text)
    except (HeaderParseError, ValueError):
        return text
    return "".join(part if isinstance(part, str) else decoded(part, alphabet or "") for part, alphabet in parts)


def _alphabet(said: str) -> str:
    """The codec for a name, "" for one that is no alphabet or unknown."""
    try:
        name = codecs.lookup(said.strip().strip("\"'")).name if said.strip() else ""
    except (LookupError, ValueError):
        return ""
    name = _MEANT.get(name, name)
    return name if name.startswith(_ALPHABETS) else ""


def _fails() -> str:
    raise LookupError
