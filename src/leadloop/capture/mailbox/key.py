"""By what an e-mail is known again, however often and by whichever way it comes."""

from __future__ import annotations

from email.parser import BytesHeaderParser
from email.policy import compat32

from leadloop.kernel.ids import sha256_hex

_HEADERS = ("message-id", "from", "date", "subject")
_HEAD = BytesHeaderParser(policy=compat32)


def key_of(raw: bytes) -> str:
    """Return the key: a hash of what its sender wrote, Message-ID, date and words together.

    What servers add on the way is left out, so the same message is known after its folder was numbered anew, or when
    it comes to two of our addresses. The Message-ID alone would let a stranger keep another's message out.
    """
    head = _HEAD.parsebytes(raw)
    said = "\n".join(str(head.get(name, "")).strip() for name in _HEADERS)
    body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[2].strip()
    return f"mail:{sha256_hex(said.encode('utf-8', 'surrogateescape') + bytes(2) + body)}"
