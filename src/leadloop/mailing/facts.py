"""What happens to mailings. What happens to each letter is told by `outreach`."""

from __future__ import annotations

from leadloop.ledger.facts import Fact, fact


@fact("mailing.saved", "A mailing was drafted")
class MailingSaved(Fact):
    """With the segment it goes to and the template it is written from."""

    mailing_id: int
    segment_id: int
    template_key: str


@fact("mailing.confirmed", "A mailing was confirmed")
class MailingConfirmed(Fact):
    """`wanted` are written to, `left_out` are not; nothing leaves before `go_at`."""

    mailing_id: int
    segment_id: int
    wanted: int
    left_out: int
    go_at: str


@fact("mailing.written", "All letters of a mailing were put into the outbox")
class MailingWritten(Fact):
    """`letters` is how many."""

    mailing_id: int
    letters: int


@fact("mailing.stopped", "A mailing was stopped")
class MailingStopped(Fact):
    """`taken_back` letters had not begun to go out and never will; `unwritten` never came to the outbox."""

    mailing_id: int
    taken_back: int
    unwritten: int
