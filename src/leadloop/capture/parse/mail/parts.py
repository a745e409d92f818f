"""The parts of an e-mail: the text to read, and what is attached."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import Message

from leadloop.capture.parse.clean import line
from leadloop.capture.parse.mail.charsets import decoded, decoded_header
from leadloop.capture.parse.mail.html import to_text
from leadloop.kernel.values import dataclass

MOST_PARTS = 200
MOST_ATTACHMENTS = 20
LONGEST_TEXT = 1_000_000  # characters that are looked at; what is kept is far less


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a letter, by name, type and bytes. Its content stays in the letter."""

    name: str
    kind: str
    size: int


def text_of(message: Message) -> str:
    """The text somebody wrote: plain where there is any, else that of the HTML."""
    plain: list[str] = []
    html = ""
    for part in _leaves(message):
        kind = part.get_content_type()
        if _file_name(part) or kind not in ("text/plain", "text/html"):
            continue
        if kind == "text/plain":
            plain.append(_text(part))
        elif not html:
            html = _text(part)
    found = "\n".join(one for one in plain if one.strip())
    return found if found.strip() else to_text(html)


def attachments_of(message: Message) -> tuple[Attachment, ...]:
    """What is attached, at most MOST_ATTACHMENTS; pictures within the text are left out."""
    found = []
    for part in _leaves(message):
        name = _file_name(part)
        shown_inline = part.get("content-id") and part.get_content_maintype() == "image"
        if name and not shown_inline:
            found.append(Attachment(name, part.get_content_type(), len(_payload(part))))
        if len(found) == MOST_ATTACHMENTS:
            break
    return tuple(found)


def leaves_of(message: Message, *kinds: str) -> list[Message]:
    """The parts of these types, whole messages within the message too."""
    return [part for part in _leaves(message) if part.get_content_type() in kinds]


def _leaves(message: Message) -> Iterator[Message]:
    """Parts that hold no others, in their order. A message within the message counts as one part."""
    waiting, seen = [message], 0
    while waiting and seen < MOST_PARTS:
        part = waiting.pop(0)
        seen += 1
        inner = part.get_payload()
        if isinstance(inner, list) and part.get_content_maintype() == "multipart":
            waiting[:0] = [one for one in inner if isinstance(one, Message)]
        else:
            yield part


def _file_name(part: Message) -> str:
    """The name of a file, "message" or the type for one without; "" for what is text to read."""
    given = part.get_filename()
    is_message = part.get_content_maintype() == "message"
    if not given and not is_message and part.get_content_disposition() != "attachment":
        return ""
    name = decoded_header(given or "").replace("\\", "/").rpartition("/")[2]
    return line(name, 120) or ("message" if is_message else part.get_content_type())


def _payload(part: Message) -> bytes:
    held = part.get_payload(decode=True)
    if isinstance(held, bytes):
        return held
    inner = part.get_payload()
    return inner[0].as_bytes() if isinstance(inner, list) and inner and isinstance(inner[0], Message) else b""


def _text(part: Message) -> str:
    return decoded(_payload(part)[: LONGEST_TEXT * 4], part.get_content_charset() or "")[:LONGEST_TEXT]
