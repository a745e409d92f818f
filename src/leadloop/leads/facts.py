"""What happens to a pursuit."""

from __future__ import annotations

from dataclasses import field

from leadloop.ledger.facts import Fact, fact


@fact("lead.opened", "A lead was opened")
class LeadOpened(Fact):
    """Carries the stage it begins in, who is accountable, what is owed first, and in `owed` all that is promised.

    `owed` gives due moments by kind, ISO 8601 in UTC; no `promise.made` repeats it. It happened when the hand was
    raised. Imported history begins closed, and `closed_at` says since when.
    """

    interest_id: int
    owner_id: int
    stage: str
    handover: str
    promise: str = ""
    due_at: str = ""
    source_id: int | None = None
    follows_id: int | None = None
    closed_at: str = ""
    owed: dict[str, str] = field(default_factory=dict)


@fact("lead.joined", "A further inquiry joined the open lead")
class LeadJoined(Fact):
    """`inquiry_id` raised a hand while the pursuit was open."""

    inquiry_id: int | None = None
    source_id: int | None = None


@fact("lead.moved", "The lead changed its stage")
class LeadMoved(Fact):
    """Every move is one fact; `owner_id` is the owner afterwards; `exception` is the code of a skipped stage.

    `promise` and `due_at` are what the move promises, which no `promise.made` repeats. `undone` names the verb whose
    effect this move takes back; such a move is no step of the funnel.
    """

    before: str
    after: str
    owner_id: int
    owner_before_id: int
    exception: str = ""
    promise: str = ""
    due_at: str = ""
    undone: str = ""


@fact("lead.owned", "The lead changed hands")
class LeadOwned(Fact):
    """A new owner without a move of stage."""

    owner_id: int
    owner_before_id: int


@fact("lead.scored", "The lead was assessed")
class LeadScored(Fact):
    """Figures after the assessment; `engagement` is the base-2 logarithm of the decaying sum.

    `direct`: it goes to sales whatever its figures, and isn't there yet.
    """

    fit: int
    grade: str
    engagement: float | None
    readiness: int
    qualified: bool
    rules_version: int
    direct: bool = False


@fact("promise.made", "A promise was made")
class PromiseMade(Fact):
    """Apart from opening and moving, which tell of their promises themselves. `due_at` is ISO 8601 in UTC."""

    promise_id: int
    promise: str
    owner_id: int
    due_at: str


@fact("promise.kept", "A promise was kept")
class PromiseKept(Fact):
    """`late_seconds` counts clock time past the due moment, 0 when in time."""

    promise_id: int
    promise: str
    owner_id: int
    evidence: str
    late_seconds: int


@fact("promise.broken", "A promise ran out")
class PromiseBroken(Fact):
    """Recorded once, when the due moment passed without evidence."""

    promise_id: int
    promise: str
    owner_id: int
    due_at: str


@fact("promise.dropped", "A promise is no longer owed")
class PromiseDropped(Fact):
    """The lead moved on, closed or changed hands."""

    promise_id: int
    promise: str
    owner_id: int


@fact("promise.resumed", "A settled promise is owed again")
class PromiseResumed(Fact):
    """What had settled it was taken back."""

    promise_id: int
    promise: str
    owner_id: int
    due_at: str


@fact("lead.moved_person", "The lead went over to the surviving person of a merge")
class LeadMovedPerson(Fact):
    """Merging moves a pursuit; `before_person_id` is the old one."""

    before_person_id: int


@fact("lead.moved_company", "The lead went over to another company, since two were merged or parted")
class LeadMovedCompany(Fact):
    """`company_id` is the company it belongs to now, `before_company_id` the one before."""

    before_company_id: int
