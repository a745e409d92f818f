"""What crosses the door of mailboxes."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from enum import StrEnum

from leadloop.kernel.values import dataclass

LONGEST_MAIL = 25 * 1024 * 1024  # bytes; of a longer message in a mailbox the beginning is taken over
LONGEST_POST = LONGEST_MAIL * 3 // 2  # as a provider wraps it


class Way(StrEnum):
    """How mail reaches a portal."""

    IMAP = "imap"
    MAILGUN = "mailgun"
    POSTMARK = "postmark"
    SENDGRID = "sendgrid"
    AMAZON_SES = "amazon_ses"


WAYS: dict[Way, str] = {
    Way.IMAP: "A mailbox that we read (IMAP)",
    Way.MAILGUN: "Mailgun posts it",
    Way.POSTMARK: "Postmark posts it",
    Way.SENDGRID: "SendGrid posts it",
    Way.AMAZON_SES: "Amazon SES posts it (SNS)",
}
TLS = {
    "implicit": "From the first byte (port 993)",
    "starttls": "STARTTLS (port 143)",
    "none": "None: this machine only",
}
PORTS = {"implicit": 993, "starttls": 143, "none": 143}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxIn:
    """A mailbox as its page saves it. `secret` None keeps the one that is known; `port` 0 takes the usual one."""

    portal_id: int
    way: Way
    host: str = ""
    port: int = 0
    tls: str = "implicit"
    login: str = ""
    secret: str | None = field(default=None, repr=False)
    folder: str = "INBOX"
    done_folder: str = ""


@dataclass(frozen=True, slots=True)
class MailboxRow:
    """A mailbox as pages show it: no secret. `took_at` is when the last message was stored, `ok_at` the last look.

    `error` says in words what went wrong at `error_at`, "" when all is well; `next_at` when it is tried again.
    """

    portal_id: int
    way: Way
    host: str
    port: int
    tls: str
    login: str
    has_secret: bool
    folder: str
    done_folder: str
    failures: int
    ok_at: datetime | None
    took_at: datetime | None
    error: str
    error_at: datetime | None
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of trying a connection: in words, and how many messages wait unread. `ok` False says why not."""

    ok: bool
    says: str
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Account:
    """All that a connection needs. Its secret stays out of what is shown or logged."""

    host: str
    port: int
    tls: str
    login: str
    secret: str = field(repr=False)
    folder: str
    done_folder: str
