"""What the steps of a delivery hand to one another."""

from __future__ import annotations

from datetime import datetime, timedelta

from leadloop.kernel.values import dataclass
from leadloop.ledger.contracts import by_system
from leadloop.outreach.contracts import Purpose, State

OUTREACH = by_system("outreach")
# A run hands nothing over in the second half of it, which is longer than the longest wait for a server's answer.
LEASE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Leased:
    """A message that this process alone may send while its fence stands."""

    id: int
    fence: int
    purpose: Purpose
    channel: str
    person_id: int | None
    user_id: int | None
    reply_to: str
    language: str
    subject: str
    text: str
    html: str
    auto_answer: bool
    repeated: bool
    attempts: int
    first_tried_at: datetime | None
    not_before: datetime
    message_id: str

    @property
    def is_marketing(self) -> bool:
        """Marketing waits behind everything else, is admitted many at a time, and is never repeated."""
        return self.purpose is Purpose.MARKETING

    @property
    def is_counted(self) -> bool:
        """True where the policy limits how often: whoever decides must be alone in counting."""
        return self.is_marketing or self.auto_answer


@dataclass(frozen=True, slots=True)
class Admitted:
    """A message that may go out now, to this address."""

    message: Leased
    address: str
    norm: str
    language: str
    has_begun: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of a message. `bounced` is the address to suppress, `refusing` the domain that refuses us."""

    id: int
    fence: int
    state: State
    at: datetime
    detail: str = ""
    not_before: datetime | None = None
    attempts: int = 0  # to be added
    repeat: bool = False
    bounced: str = ""
    refusing: str = ""
