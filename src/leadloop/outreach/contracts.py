"""What crosses the door of `outreach`."""

from __future__ import annotations

from datetime import datetime, time
from enum import StrEnum

from leadloop.kernel.values import dataclass
from leadloop.people.contracts import Channel

__all__ = [
    "Answered",
    "Calling",
    "Channel",
    "Contact",
    "DeliveryCount",
    "Draft",
    "Limits",
    "MessageRow",
    "Outcome",
    "Purpose",
    "RecoveryCount",
    "Return",
    "Returned",
    "SendingState",
    "State",
    "Unsubscribed",
    "Verdict",
]


class Purpose(StrEnum):
    """Why somebody is written to."""

    TRANSACTIONAL = "transactional"  # an answer to what the person asked for
    MARKETING = "marketing"
    INTERNAL = "internal"  # to a user of the company


class State(StrEnum):
    """What became of a message."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"  # the mail server took it
    UNKNOWN = "unknown"  # it was handed over, and no answer came
    FAILED = "failed"
    REFUSED = "refused"  # consent, suppression or policy said no
    CANCELLED = "cancelled"


class Return(StrEnum):
    """What came back of a message that had gone out. Ordered by `rules.returns.GRAVE`."""

    SOFT = "soft"  # later, or never for a reason that passes: a full mailbox
    BLOCKED = "blocked"  # they refuse us, not the address
    HARD = "hard"  # there is no such mailbox
    COMPLAINT = "complaint"  # the recipient called it spam


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """A report about a message of ours: its Message-ID ("" when not told), whom it went to, and what it means.

    `recipients` are normal forms, as the report names them; they find the message where its id is not told.
    """

    kind: Return
    message_id: str = ""
    recipients: tuple[str, ...] = ()
    status: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A message to put into the outbox, to a person or to a user.

    `occasion` is the reason to write, such as "ack:inquiry:17": the same recipient gets one message per occasion and
    channel, ever. `not_before` None means now. `language` is that of the text. `auto_answer` marks an answer by rule,
    of which a person gets at most one a day. `about_person_id` names the person an internal message tells of, so that
    their erasure empties it.
    """

    occasion: str
    purpose: Purpose
    subject: str
    text: str
    html: str = ""
    channel: Channel = Channel.EMAIL
    person_id: int | None = None
    user_id: int | None = None
    about_person_id: int | None = None
    lead_id: int | None = None
    reply_to: str = ""
    language: str = "en"
    template_key: str = ""
    not_before: datetime | None = None
    auto_answer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A contact made otherwise, such as a call or a letter, so that it counts towards the limits."""

    occasion: str
    channel: Channel
    purpose: Purpose
    person_id: int
    at: datetime
    lead_id: int | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """The contact policy: marketing contacts a person per 24 hours and per 7 days over all channels, and quiet hours.

    A limit of 0 switches marketing off. `quiet_from` equal to `quiet_until` means no quiet hours.
    """

    per_day: int = 1
    per_week: int = 3
    quiet_from: time = time(21)
    quiet_until: time = time(8)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether somebody may be contacted now. If not, `later_at` is when to ask again; None means never."""

    may: bool
    later_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Calling:
    """Whether somebody may be telephoned now, and on which number ("" for none that works).

    `later_at` is when they may be if it is night now; None with `may` False means never. `zone` is whose clock theirs
    shows, the company's own where their country has several times and theirs is not known (`zone_known`). `code` and
    `reason` say why not, "" when they may be.
    """

    number: str
    may: bool
    later_at: datetime | None
    zone: str
    zone_known: bool
    code: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryCount:
    """What one run did. `held` says in words why nothing (more) was sent, "" when nothing stood in the way."""

    sent: int = 0
    refused: int = 0
    postponed: int = 0  # by the contact policy
    put_off: int = 0  # by a server, or because the line broke
    failed: int = 0
    unknown: int = 0
    held: str = ""


@dataclass(frozen=True, slots=True)
class RecoveryCount:
    """What became of messages whose sender died: sent anew because nothing had begun, repeated, or left unknown."""

    requeued: int = 0
    repeated: int = 0
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Unsubscribed:
    """The answer to an unsubscribe link: `known` is False when the person has been erased; all is well then too."""

    known: bool
    new: bool


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message as pages show it; texts are left out. `came_back` is what was reported of it later, "" for nothing."""

    id: int
    occasion: str
    channel: str
    purpose: Purpose
    person_id: int | None
    user_id: int | None
    lead_id: int | None
    to_address: str
    subject: str
    template_key: str
    state: State
    detail: str
    not_before: datetime
    queued_at: datetime
    sent_at: datetime | None
    came_back: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """A message of ours that somebody answered: to whom it went, and about which lead."""

    id: int
    person_id: int
    lead_id: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many messages of an occasion stand in a state for a reason, and how many of them made somebody unsubscribe.

    `earliest_at` is before when none of them goes, `last_sent_at` when the last went; None where none did.
    """

    state: State
    detail: str
    count: int
    unsubscribed: int
    earliest_at: datetime
    last_sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class SendingState:
    """How sending stands, for the System page. `oldest_due_at` is since when the oldest message that is due waits.

    `held` says in words why nothing goes out, "" when mail flows. `paused` are domains that marketing waits for, ""
    among them meaning all. `failed_today` counts what was first tried within a day.
    """

    queued: int
    due: int
    oldest_due_at: datetime | None
    sending: int
    unknown: int
    failed_today: int
    held: str
    paused: tuple[str, ...]
