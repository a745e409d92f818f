"""A delivery on its way: received, claimed, parsed or unreadable, settled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from leadloop.capture.contracts.portals import PortalRow
from leadloop.identity.contracts import Candidate
from leadloop.kernel.values import dataclass
from leadloop.leads.contracts import Stage


class Outcome(StrEnum):
    """What became of a delivery that could be read."""

    NEW = "new"
    JOINED = "joined"
    OTHER = "other"


class Code(StrEnum):
    """Why a delivery went to quarantine. Whoever processes further may give codes of their own."""

    EMPTY = "empty"
    UNREADABLE = "unreadable"
    TOO_DEEP = "too_deep"
    NOT_AN_OBJECT = "not_an_object"
    NO_CONTACT = "no_contact"
    SPAM_SUSPECTED = "spam_suspected"
    DISPOSABLE_ADDRESS = "disposable_address"
    BLOCKED = "blocked"
    NOT_PROVED = "not_proved"
    PROOF_TOO_OLD = "proof_too_old"
    PROOF_USED = "proof_used"
    TEST_LEAD = "test_lead"
    NOT_FETCHED = "not_fetched"
    KNOWN_SKIPPED = "known_skipped"
    KNOWN_ASKED = "known_asked"
    NO_LETTER = "no_letter"
    AUTOMATIC_REPLY = "automatic_reply"
    AUTOMATIC_MAIL = "automatic_mail"
    BULK_MAIL = "bulk_mail"
    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    MAIL_LOOP = "mail_loop"
    OWN_MAIL = "own_mail"


# What is no inquiry, and waits for nobody: it stays to be looked up, and to be taken for one all the same.
NO_INQUIRIES = (
    Code.AUTOMATIC_REPLY, Code.AUTOMATIC_MAIL, Code.BULK_MAIL, Code.BOUNCE, Code.COMPLAINT, Code.MAIL_LOOP,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What one raw delivery consists of. `key` makes the same delivery twice count once within its portal."""

    portal_id: int
    key: str
    body: bytes
    digest: str = ""
    content_type: str = "application/json"
    context: Mapping[str, str] = field(default_factory=dict)
    import_run_id: int | None = None
    row_number: int | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """Answer to one delivery: `known` when it had arrived before, `digest` of the one that stands."""

    submission_id: int
    known: bool
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A delivery that waits to be read; locked for the caller's transaction.

    `reading` is that of its import run, None for other deliveries. `corrected` overlays the body key by key.
    `released` tells that a person has sent it through again, so suspicion no longer holds it.
    """

    submission_id: int
    portal: PortalRow
    body: bytes
    content_type: str
    context: Mapping[str, str]
    received_at: datetime
    happened_at: datetime | None
    row_number: int | None
    import_run_id: int | None = None
    reading: Mapping[str, Any] | None = None
    corrected: Mapping[str, Any] | None = None
    released: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """One raised hand, read. Nothing here has been matched with what is known.

    `stage` (open), or `closed_as` with `close_reason`, only from imports that carry a status; all None otherwise.
    `visitor` is the browser it came from, where its user allowed to be told apart.
    `in_reply_to` are the Message-IDs that an e-mail answers, None for what is no e-mail.
    `flagged_by` is the entry of a block list that speaks of what our own people brought; `proof` tells the solution it
    brought along from every other. `on_known` is what an import's row does to somebody known, "" where nothing was
    said. `owner_id` only from imports.
    `historic`: nobody is written to because of it. `consent` is the wording that was agreed to, empty when none was;
    `opted_out` the channels ("email", "phone") on which contact was refused.
    """

    ref: int
    portal: PortalRow
    kind: str
    candidate: Candidate
    interest_id: int
    programme_id: int | None
    source_id: int | None
    happened_at: datetime
    received_at: datetime
    message: str
    answers: dict[str, str]
    touch: dict[str, str]
    asset_id: int | None
    external_id: str
    owner_id: int | None
    stage: Stage | None
    closed_as: Stage | None
    close_reason: str
    historic: bool
    consent: str
    opted_out: tuple[str, ...]
    visitor: UUID | None = None
    in_reply_to: tuple[str, ...] | None = None
    on_known: str = ""
    flagged_by: int | None = None
    proof: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A delivery for quarantine. `text` is plain and holds no personal data; `about` are whose addresses are in it.

    `caught_by` is the entry of a block list that holds it.
    """

    submission_id: int
    code: str
    text: str
    about: tuple[str, ...] = ()
    caught_by: int | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a parsed delivery. `place_id` is who looks after an inquiry that is not about buying.

    `reply` tells that it goes on with a lead that was open, `answers_id` which message of ours it answers, if any.
    """

    ref: int
    person_id: int | None
    lead_id: int | None
    outcome: str
    company_id: int | None = None
    place_id: int | None = None
    reply: bool = False
    answers_id: int | None = None
