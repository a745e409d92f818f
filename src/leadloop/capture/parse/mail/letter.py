"""From the bytes of an e-mail to a letter: its headers decoded, its text found, its attachments listed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from email.utils import getaddresses, parsedate_to_datetime
from functools import partial

from leadloop.capture.contracts import Code
from leadloop.capture.parse.body import BodyError
from leadloop.capture.parse.clean import line
from leadloop.capture.parse.mail.charsets import decoded_header
from leadloop.capture.parse.mail.parts import Attachment, attachments_of, text_of
from leadloop.kernel.values import dataclass

LONGEST_SUBJECT = 300
_MOST_ANSWERED = 50  # of the messages a letter says it answers, the nearest count
_LONGEST_ID = 400
_ENCODED = re.compile(r"=\?[^?\s]{1,80}\?[bq]\?[^?\s]*\?=", re.IGNORECASE)
_ASIDE = re.compile("\ue000(\\d{1,6})\ue001")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name and an address as a header gives them; both may be empty."""

    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """An e-mail, read. `answers` are Message-IDs it replies to, the nearest first; `headers` the first of each, folded.

    `text` is the whole of it, quotes and signature included; `hops` how many servers it passed. `at` None for a date
    that can't be read.
    """

    sender: Mailbox
    reply_to: Mailbox
    subject: str
    message_id: str
    answers: tuple[str, ...]
    at: datetime | None
    text: str
    attachments: tuple[Attachment, ...]
    headers: Mapping[str, str]
    hops: int
    message: Message

    def says(self, header: str) -> str:
        """The first word of a header in lower case, without its parameters; "" where there is none."""
        return self.headers.get(header, "").partition(";")[0].strip().lower()


def read_letter(raw: bytes) -> Letter:
    """Read an e-mail, however broken: what can't be read is empty. Raises BodyError for what is none."""
    if not raw.strip():
        raise BodyError(Code.EMPTY)
    try:
        message = message_from_bytes(raw.lstrip(b"\r\n"), policy=compat32)
        return _letter(message)
    except RecursionError:
        raise BodyError(Code.TOO_DEEP) from None


def _letter(message: Message) -> Letter:
    headers: dict[str, str] = {}
    for name, value in message.raw_items():
        headers.setdefault(name.lower(), decoded_header(value))
    if not headers.keys() & {"from", "sender", "to", "subject", "received", "date", "message-id"}:
        raise BodyError(Code.NO_LETTER)
    return Letter(
        sender=_mailbox(message, "from", "sender"),
        reply_to=_mailbox(message, "reply-to"),
        subject=line(headers.get("subject", ""), LONGEST_SUBJECT),
        message_id=headers.get("message-id", "").strip()[:_LONGEST_ID],
        answers=_answers(headers),
        at=_date(headers.get("date", "")),
        text=text_of(message),
        attachments=attachments_of(message),
        headers=headers,
        hops=len(message.get_all("received") or ()),
        message=message,
    )


def _mailbox(message: Message, *names: str) -> Mailbox:
    """The first address under the first of these headers that has one.

    Encoded words stand aside while addresses are taken apart, so that no comma or bracket within one adds another.
    """
    for wanted in names:
        words: list[str] = []
        raw = [decoded_header(value, words=False) for name, value in message.raw_items() if name.lower() == wanted]
        for name, address in getaddresses([_ENCODED.sub(partial(_put_aside, words), one) for one in raw]):
            if "@" in address:
                return Mailbox(line(decoded_header(_ASIDE.sub(partial(_put_back, words), name))), line(address, 320))
    return Mailbox("", "")


def _put_aside(words: list[str], found: re.Match[str]) -> str:
    words.append(found[0])
    return f"\ue000{len(words) - 1}\ue001"


def _put_back(words: list[str], found: re.Match[str]) -> str:
    return words[int(found[1])] if int(found[1]) < len(words) else ""


def _answers(headers: Mapping[str, str]) -> tuple[str, ...]:
    nearest = headers.get("in-reply-to", "").split()
    chain = headers.get("references", "").split()[-_MOST_ANSWERED:]
    found = (one for one in (*nearest, *reversed(chain)) if one.startswith("<") and one.endswith(">"))
    return tuple(dict.fromkeys(one[:_LONGEST_ID] for one in found))[:_MOST_ANSWERED]


def _date(text: str) -> datetime | None:
    try:
        said = parsedate_to_datetime(text)
        return said.astimezone(UTC) if said.tzinfo else said.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
