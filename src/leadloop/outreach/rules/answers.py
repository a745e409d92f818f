"""What a mail server's answer means for a message and for its address."""

from __future__ import annotations

import re
from datetime import timedelta
from enum import StrEnum

from leadloop.kernel.values import dataclass


class Phase(StrEnum):
    """How far the conversation had come when the answer arrived, or when the line broke."""

    SENDER = "sender"
    RECIPIENT = "recipient"
    TEXT = "text"  # we said that the text comes next
    END = "end"  # the text was handed over; only the server knows whether it took it


@dataclass(frozen=True, slots=True)
class Reply:
    """A server's answer; `code` 0 means that the line broke before one came."""

    phase: Phase
    code: int
    text: str = ""


class Outcome(StrEnum):
    """What to do with the message."""

    SENT = "sent"
    LATER = "later"  # the server put this message off
    LINE = "line"  # the line or the relay is at fault, not the message: nothing was taken
    UNKNOWN = "unknown"
    NO_MAILBOX = "no_mailbox"  # for good; the address is not used again
    POLICY = "policy"  # they refuse us, not the address
    REJECTED = "rejected"  # for good; says nothing about the address


_ENHANCED = re.compile(r"\s*[245]\.(\d{1,3})\.(\d{1,3})\b")
_ABOUT_SENDER = {("1", "7"), ("1", "8")}  # these two say that *our* address is bad
_REFUSES_US = re.compile(
    r"spam|unsolicited|block(?:ed|list)|black ?list|listed|reputation|polic(?:y|ies)|\bspf\b|dkim|dmarc|abuse"
    r"|relay|access denied|not authori[sz]ed|banned",
    re.IGNORECASE,
)
_NO_MAILBOX = re.compile(
    r"(?:user|mailbox|recipient|address|account|addressee)\W+(?:\S+\W+)?(?:is )?(?:unknown|not (?:found|known)"
    r"|does(?: not|n't) exist|not exist|invalid)|(?:unknown|invalid|no such|non-?existent) (?:local )?"
    r"(?:user|mailbox|recipient|address|account|person)|no mailbox (?:here )?by that name",
    re.IGNORECASE,
)
CLOSING = 421


def understand(reply: Reply) -> Outcome:
    """Say what an answer means.

    A line that broke after the text was handed over leaves the outcome unknown; before that nothing was taken. An
    enhanced code (RFC 3463) counts before words: 5.7.x is a refusal of us, 5.1.x a bad address. Without one, words
    decide, and refusal of us counts before an unknown mailbox, so that a block never costs an address.
    """
    if reply.code == 0:
        return Outcome.UNKNOWN if reply.phase is Phase.END else Outcome.LINE
    if 200 <= reply.code < 300:
        return Outcome.SENT
    if reply.phase is Phase.SENDER or reply.code == CLOSING:
        return Outcome.LINE
    if reply.code < 500:
        return Outcome.LATER
    return _for_good(reply.text)


def _for_good(text: str) -> Outcome:
    found = _ENHANCED.match(text)
    subject, detail = found.groups() if found else ("", "")
    if subject == "7":
        return Outcome.POLICY
    if subject == "1" and (subject, detail) not in _ABOUT_SENDER:
        return Outcome.NO_MAILBOX
    if subject not in {"", "0"}:
        return Outcome.REJECTED
    if _REFUSES_US.search(text):
        return Outcome.POLICY
    return Outcome.NO_MAILBOX if _NO_MAILBOX.search(text) else Outcome.REJECTED


def code_of(reply: Reply) -> str:
    """The bare codes of an answer, such as "550 5.1.1"; its words may repeat the address and are not kept."""
    found = _ENHANCED.match(reply.text)
    return f"{reply.code} {found[0].strip()}" if found else str(reply.code)


FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=4)
GIVE_UP_AFTER = timedelta(hours=72)


def wait_before(attempt: int, spread: float) -> timedelta:
    """How long to wait before the next try after `attempt` failed ones (from 1): doubling from a minute to 4 hours.

    `spread` from 0 to 1 moves it between half and one and a half times that, so that retries don't come in herds.
    """
    doubled = FIRST_WAIT * (1 << min(attempt - 1, 16))
    return min(doubled, LONGEST_WAIT) * (0.5 + spread)
