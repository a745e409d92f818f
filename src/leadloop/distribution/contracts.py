"""What crosses the door of `distribution`."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict

from leadloop.kernel.values import dataclass


class How(StrEnum):
    """By which way a lead came to its owner."""

    ROTATION = "rotation"
    ACCOUNT_OWNER = "account_owner"
    FALLBACK = "fallback"
    BY_HAND = "by_hand"


class AssignmentState(StrEnum):
    """What became of a hand-over."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    PULLED_BACK = "pulled_back"
    ENDED = "ended"


class Verdict(StrEnum):
    """What becomes of an appeal against a lead given back."""

    OPEN = "open"
    STANDS = "stands"  # giving it back was right
    OVERTURNED = "overturned"  # it was not, and the lead goes back


@dataclass(frozen=True, slots=True)
class GivenBack:
    """A lead that somebody gave back, and the appeal against it; without one all of `appeal_id` and after is None."""

    assignment_id: int
    lead_id: int
    user_id: int
    from_user_id: int
    reason: str
    at: datetime
    appeal_id: int | None
    text: str | None
    made_by_id: int | None
    made_at: datetime | None
    verdict: Verdict | None
    decided_by_id: int | None
    decided_at: datetime | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Record:
    """How often somebody gave leads back in a time, how often that was appealed, and how often overturned."""

    user_id: int
    given_back: int
    appealed: int
    overturned: int


class To(StrEnum):
    """To whom a rule gives leads."""

    POOL = "pool"
    ACCOUNT_OWNER = "account_owner"


class Rule(BaseModel):
    """Leads that fit `when` (a condition, see `criteria`; None fits every lead) go to the pool of this key.

    A rule to the account owner gives a lead to whoever looks after its company; where nobody does, or they can't take
    it now, the next rule is looked at. Where no rule says so, account owners go before all rules.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    when: dict[str, Any] | None = None
    pool: str = ""
    to: To = To.POOL


@dataclass(frozen=True, slots=True)
class Assigned:
    """A lead and the person it went to; `due_at` is when it must be accepted or rejected."""

    lead_id: int
    user_id: int
    how: How
    due_at: datetime | None
    assignment_id: int


@dataclass(frozen=True, slots=True)
class Seat:
    """A place in a pool as the choice sees it, at one moment. `taken` counts turns, `open_now` open leads owned."""

    member_id: int
    user_id: int
    weight: int
    taken: int
    daily_cap: int | None
    taken_today: int
    open_cap: int | None
    open_now: int
    is_paused: bool
    is_active: bool
    is_absent: bool
    is_working: bool


@dataclass(frozen=True, slots=True)
class PoolRow:
    """A pool and who answers for it."""

    id: int
    key: str
    name: str
    keeper_id: int
    fallback_id: int


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A place in a pool as pages show it."""

    id: int
    pool_id: int
    user_id: int
    weight: int
    daily_cap: int | None
    open_cap: int | None
    taken: int
    today: date | None
    taken_today: int
    is_paused: bool


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """One hand-over with its whole decision: `log` names every rule, candidate and the tie-break."""

    id: int
    lead_id: int
    pool_id: int | None
    user_id: int
    from_user_id: int
    rule: str
    how: How
    log: list[dict[str, Any]]
    state: AssignmentState
    offered_at: datetime
    settled_at: datetime | None
    reason: str
