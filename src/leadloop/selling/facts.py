"""What salespeople do, and the money that comes of it."""

from __future__ import annotations

from leadloop.ledger.facts import Fact, fact


@fact("activity.logged", "Something was done on the lead")
class ActivityLogged(Fact):
    """`contacted` is true when a person was reached or really written to: it keeps contact promises."""

    activity_id: int
    user_id: int
    activity: str
    outcome: str
    contacted: bool


@fact("activity.undone", "A logged activity was taken back")
class ActivityUndone(Fact):
    """The inverse of logging."""

    activity_id: int


@fact("opportunity.opened", "An opportunity was opened")
class OpportunityOpened(Fact):
    """`lead_id` is the primary lead; `amount` the expected value."""

    owner_id: int
    stage: str
    close_on: str
    lead_ids: list[int]


@fact("opportunity.moved", "The opportunity moved on the board")
class OpportunityMoved(Fact):
    """Between pipeline stages."""

    before: str
    after: str


@fact("opportunity.changed", "The opportunity was changed")
class OpportunityChanged(Fact):
    """Amount, closing date or owner; names of the changed fields with old and new codes."""

    changes: dict[str, list[str]]


@fact("opportunity.won", "The opportunity was won")
class OpportunityWon(Fact):
    """`amount` in the deal's currency, `base_amount` at the rate of the closing day."""

    lead_ids: list[int]
    closed_on: str


@fact("opportunity.lost", "The opportunity was lost")
class OpportunityLost(Fact):
    """`outcomes` says per lead whether it was lost or recycled."""

    outcomes: dict[str, str]
    closed_on: str


@fact("opportunity.reopened", "A closed opportunity was taken up again")
class OpportunityReopened(Fact):
    """The inverse of winning or losing."""

    before: str
