"""What crosses the door of `leads`."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, NamedTuple, TypeVar

from leadloop.kernel.decision import Reason
from leadloop.kernel.values import dataclass


class Stage(StrEnum):
    """The fixed stages of a pursuit; their labels come from the agreement."""

    INQUIRY = "inquiry"
    NURTURING = "nurturing"
    QUALIFIED = "qualified"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    WORKING = "working"
    OPPORTUNITY = "opportunity"
    WON = "won"
    LOST = "lost"
    DISQUALIFIED = "disqualified"
    MERGED = "merged"  # its person turned out to be another's; the pursuit goes on there


CLOSED_STAGES = (Stage.WON, Stage.LOST, Stage.DISQUALIFIED, Stage.MERGED)
OPEN_STAGES = tuple(stage for stage in Stage if stage not in CLOSED_STAGES)


class PromiseState(StrEnum):
    """A broken promise keeps running until it is kept late or dropped; `broken_at` tells."""

    RUNNING = "running"
    KEPT = "kept"
    DROPPED = "dropped"  # no longer owed: the lead moved on, closed or changed hands


class PromiseKind(StrEnum):
    """What is owed. The agreement gives each its time."""

    REPLY = "reply"  # the inquirer gets an answer from a person
    QUALIFY = "qualify"  # the keeper decides what becomes of an inquiry
    ACCEPT = "accept"  # the new owner accepts or rejects
    CONTACT = "contact"  # first verified contact after acceptance
    NEXT_STEP = "next_step"  # whatever the owner promised last
    NURTURE = "nurture"  # a scheduled nurture step
    WAKE = "wake"  # a recycled lead is looked at again


@dataclass(frozen=True, slots=True, kw_only=True)
class Pursuit:
    """Ask for an open lead of a person and interest; `ref` comes back in the answer.

    `closed_as` is for imported history: the lead is written closed, with `close_reason`, and makes no promise.
    `owner_id` None means the keeper of the stage. `reply_owed` False: nobody waits for an answer of a person.
    """

    ref: int
    person_id: int
    interest_id: int
    happened_at: datetime
    company_id: int | None = None
    programme_id: int | None = None
    source_id: int | None = None
    handover: str = "sales_ready"
    owner_id: int | None = None
    stage: Stage = Stage.INQUIRY
    closed_as: Stage | None = None
    close_reason: str = ""
    closed_at: datetime | None = None
    due_at: datetime | None = None
    why: str = ""
    reply_owed: bool = True
    attributes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opened:
    """`outcome` is "new" or "joined"; `owner_id` is accountable now; `due_at` None only for closed history."""

    ref: int
    lead_id: int
    outcome: str
    owner_id: int
    stage: Stage
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One move of one lead. `promise` None takes the agreement's for `to`, `due_at` None its time.

    `owner_id` None keeps the owner, but into a stage that a keeper looks after (nurturing, qualified) it means
    that keeper. `exception_code` is the reason for a stage left out, of use "skip"; `reason` may give it instead.
    """

    lead_id: int
    to: Stage
    reason: str = ""
    owner_id: int | None = None
    due_at: datetime | None = None
    promise: str | None = None
    exception_code: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class MoveResult:
    """What became of a move: with `moved` False nothing was changed and `reasons` tell why."""

    lead_id: int
    moved: bool
    before: Stage
    stage: Stage
    owner_id: int
    due_at: datetime | None
    reasons: tuple[Reason, ...] = ()


class Ask(NamedTuple):
    """A promise to be made; a running one of the same kind gives way to it. `owner_id` None: the lead's owner."""

    lead_id: int
    kind: str
    owner_id: int | None
    due_at: datetime
    note: str = ""


class Proof(NamedTuple):
    """What keeps a promise: `evidence` names the thing done, such as "activity:12" or "message:7"."""

    lead_id: int
    kind: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Broken:
    """A promise whose time passed."""

    promise_id: int
    lead_id: int
    person_id: int
    kind: str
    owner_id: int
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The headline figures a list sorts by; None leaves a figure as it is."""

    lead_id: int
    fit: int | None = None
    grade: str | None = None
    engagement: float | None = None
    readiness: int | None = None
    propensity: float | None = None
    expected_value: int | None = None
    buying_stage: str | None = None


@dataclass(frozen=True, slots=True)
class LeadRow:
    """The headline of a lead, as lists and other rooms see it. `engagement` is S, see `architecture`."""

    id: int
    person_id: int
    company_id: int | None
    interest_id: int
    stage: Stage
    stage_since: datetime
    owner_id: int
    team_id: int | None
    due_at: datetime | None
    due_kind: str
    fit: int
    grade: str
    engagement: float | None
    readiness: int
    propensity: float | None
    expected_value: int
    buying_stage: str
    programme_id: int | None
    source_id: int | None
    handover: str
    why: str
    last_touch_at: datetime | None
    touches: int
    recycled: int
    exception_code: str
    opened_at: datetime
    closed_at: datetime | None
    close_reason: str


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """A promise as pages show it. `broken_at` tells that its time passed while it ran."""

    id: int
    lead_id: int
    kind: str
    owner_id: int
    made_at: datetime
    due_at: datetime
    state: PromiseState
    note: str
    evidence: str
    broken_at: datetime | None
    settled_at: datetime | None


class Tab(StrEnum):
    """The splits of a worklist."""

    ALL = "all"
    LATE = "late"  # their time has passed
    NEW = "new"  # somebody waits for a first answer, a judgement, an acceptance or a contact
    TODAY = "today"  # due within a day
    WAITING = "waiting"  # due later
    DONE = "done"  # closed within the last thirty days


class Sort(StrEnum):
    """The orders of a list."""

    NEWEST = "newest"
    DUE = "due"
    ENGAGEMENT = "engagement"
    VALUE = "value"
    STAGE_SINCE = "stage_since"


Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of a list. `next_cursor` None at the end; `total` None where nobody counted.

    `is_estimate` tells that `total` is the planner's guess, which it is above ten thousand.
    """

    rows: list[Row]
    next_cursor: str | None
    total: int | None = None
    is_estimate: bool = False
