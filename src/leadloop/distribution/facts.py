"""What happens when leads are handed over. The move itself is `lead.moved`."""

from __future__ import annotations

from leadloop.ledger.facts import Fact, fact


@fact("lead.assigned", "The lead was handed over")
class LeadAssigned(Fact):
    """`how` is rotation, account_owner, fallback or by_hand; the whole decision stands in the assignment's log."""

    assignment_id: int
    user_id: int
    from_user_id: int
    how: str
    rule: str
    pool_id: int | None = None
    routing_version: int | None = None


@fact("lead.accepted", "Sales accepted the lead")
class LeadAccepted(Fact):
    """The hand-over is closed: from here the owner works it."""

    assignment_id: int
    user_id: int


@fact("lead.rejected", "Sales gave the lead back")
class LeadRejected(Fact):
    """With a coded reason."""

    assignment_id: int
    user_id: int


@fact("lead.pulled_back", "The lead was pulled back from somebody who did not act")
class LeadPulledBack(Fact):
    """After the promise to accept ran out."""

    assignment_id: int
    user_id: int


@fact("rejection.appealed", "Somebody says that the lead should not have been given back")
class RejectionAppealed(Fact):
    """`user_id` gave it back, `arbiter_id` is to decide."""

    appeal_id: int
    assignment_id: int
    user_id: int
    arbiter_id: int


@fact("appeal.decided", "An appeal against a lead given back was decided")
class AppealDecided(Fact):
    """`verdict` is stands or overturned; `user_id` gave the lead back, `made_by_id` appealed."""

    appeal_id: int
    assignment_id: int
    verdict: str
    user_id: int
    made_by_id: int


@fact("routing.signed", "New routing rules are in force")
class RoutingSigned(Fact):
    """By whom the agreement's leadership names."""

    version: int
