"""What arrives."""

from __future__ import annotations

from leadloop.ledger.facts import Fact, fact


@fact("inquiry.received", "Somebody raised a hand")
class InquiryReceived(Fact):
    """The touch that counts for attribution. `outcome` is new, joined or other; `inquiry_kind` sales, support, …"""

    inquiry_id: int
    portal_id: int
    inquiry_kind: str
    outcome: str
    interest_id: int
    source_id: int | None = None
    asset_id: int | None = None
    acknowledge: bool = True
    historic: bool = False  # imported from before: nobody is written to


@fact("inquiry.quarantined", "A delivery could not be read as an inquiry")
class InquiryQuarantined(Fact):
    """`reason` is the code; the delivery stays whole and can be replayed."""

    inquiry_id: int
    portal_id: int


@fact("inquiry.replayed", "A delivery in quarantine was sent through again")
class InquiryReplayed(Fact):
    """`corrected` tells that a person completed it; what it was is no business of the ledger."""

    inquiry_id: int
    portal_id: int
    corrected: bool


@fact("portal.saved", "A portal was set up or changed")
class PortalSaved(Fact):
    """`changed` are the names of the settings that differ from before."""

    portal_id: int
    changed: list[str]


@fact("list.changed", "A block or allow list was changed")
class ListChanged(Fact):
    """`portal_id` None is the list of the whole company. What was put on it stands with the list, not here."""

    portal_id: int | None
    allows: bool
    added: int
    removed: int


@fact("portal.token_made", "A portal got a new secret")
class PortalTokenMade(Fact):
    """The one before no longer opens it. The secret itself is nowhere."""

    portal_id: int


@fact("form.saved", "What a form asks was changed")
class FormSaved(Fact):
    """`questions` are the keys of what it asks, in their order."""

    portal_id: int
    questions: list[str]


@fact("page.published", "A landing page was published")
class PagePublished(Fact):
    """The public reads it as it was written then; the fact's programme is the page's."""

    page_id: int


@fact("page.withdrawn", "A landing page was taken down")
class PageWithdrawn(Fact):
    """Nobody reads it any more until it is published again."""

    page_id: int


@fact("site.visited", "Read pages of the company's site")
class SiteVisited(Fact):
    """One visit of somebody who had said who they are. `visit_id` is its first page; which ones is not told here."""

    portal_id: int
    visit_id: int
    pages: int


@fact("portal.secrets_set", "A portal's secrets for webhooks were set")
class PortalSecretsSet(Fact):
    """`names` says which of them; what they are is sealed, and on no ledger."""

    portal_id: int
    names: list[str]


@fact("portal.counts_differ", "A portal got fewer inquiries than its sender counted")
class PortalCountsDiffer(Fact):
    """On one `day` of the company's zone, in the form 2026-03-02. `missing` = `said` − `came`."""

    portal_id: int
    day: str
    said: int
    came: int
    missing: int


@fact("mailbox.saved", "A mailbox was set up or changed")
class MailboxSaved(Fact):
    """`changed` are the names of its settings that differ from before; what they are stands nowhere here."""

    portal_id: int
    changed: list[str]


@fact("reply.received", "Somebody answered by e-mail")
class ReplyReceived(Fact):
    """It went on with the lead that was open. `message_id` is the message of ours it answers, where it says so."""

    inquiry_id: int
    message_id: int | None = None


@fact("import.finished", "An import came to its end")
class ImportFinished(Fact):
    """Counts of one run."""

    run_id: int
    portal_id: int
    rows: int
    new: int
    joined: int
    other: int
    quarantined: int
    known: int


@fact("import.cancelled", "An import was stopped")
class ImportCancelled(Fact):
    """`left` rows had been stored and not been taken in; they are gone. The file can be brought in again."""

    run_id: int
    portal_id: int
    left: int


@fact("import.undone", "An import was taken back")
class ImportUndone(Fact):
    """How many leads and persons went, how many changes of others went back, and what stays as it changed since."""

    run_id: int
    portal_id: int
    leads: int
    persons: int
    changes: int
    kept: int


@fact("batch.opened", "A batch of paper replies was opened")
class BatchOpened(Fact):
    """`expected` is how many there are on the pile."""

    batch_id: int
    portal_id: int
    expected: int


@fact("batch.released", "A batch of paper replies was released")
class BatchReleased(Fact):
    """`entered` equals `expected`, or somebody gave a reason, whose words stand with the batch."""

    batch_id: int
    portal_id: int
    expected: int
    entered: int
    unchecked: int
