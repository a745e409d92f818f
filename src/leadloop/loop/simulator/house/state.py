"""What the house in memory holds of pursuits: the columns of the rooms' tables as plain objects."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from leadloop.leads.contracts import Stage
from leadloop.selling.contracts import LineIn


@dataclass(slots=True)
class Person:
    """Somebody who is known. `number` is the inquirer's; `company_id` None while no firm was named."""

    id: int
    number: int
    company_id: int | None
    given: str
    family: str
    email: str
    phone: str
    language: str
    zone: str
    country: str
    firm: str
    said: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)  # consent by channel and purpose
    contacts: list[datetime] = field(default_factory=list)  # marketing that went out
    answered_at: datetime | None = None

    @property
    def name(self) -> str:
        """As letters call them."""
        return f"{self.given} {self.family}".strip()


@dataclass(slots=True, kw_only=True)
class Owed:
    """A promise: a row of `leads_promise`."""

    id: int
    lead_id: int
    kind: str
    owner_id: int
    made_at: datetime
    due_at: datetime
    note: str = ""
    state: str = "running"
    evidence: str = ""
    broken_at: datetime | None = None
    settled_at: datetime | None = None


@dataclass(slots=True, kw_only=True)
class Offer:
    """One hand-over: a row of `distribution_assignment`."""

    id: int
    lead_id: int
    pool_id: int | None
    user_id: int
    from_user_id: int
    routing_version: int | None
    rule: str
    how: str
    log: list[dict[str, Any]]
    offered_at: datetime
    state: str = "offered"
    settled_at: datetime | None = None
    reason: str = ""


@dataclass(slots=True, kw_only=True)
class Enrolment:
    """A way through a journey: a row of `nurture_enrolment`."""

    id: int
    journey_id: int
    lead_id: int
    person_id: int
    node: str
    entered_at: datetime
    due_at: datetime | None
    state: str = "waiting"
    left_at: datetime | None = None
    reason: str = ""
    steps: int = 0


@dataclass(slots=True, kw_only=True)
class Assessment:
    """The last assessment: a row of `qualification_assessment`. Reasons are dicts ready for JSON."""

    fit: int
    fit_reasons: list[dict[str, Any]]
    engagement: float | None
    touched: list[dict[str, Any]]
    stated: list[dict[str, Any]]
    qualified: bool
    why: str
    disqualifier: str
    rules_version: int
    at: datetime


@dataclass(slots=True, kw_only=True)
class Deal:
    """An opportunity with its lines and leads."""

    id: int
    name: str
    company_id: int | None
    person_id: int
    owner_id: int
    team_id: int | None
    stage_key: str
    stage_since: datetime
    minor: int
    currency: str
    close_on: date
    next_step: str
    next_step_at: datetime
    position: float
    opened_at: datetime
    lines: tuple[LineIn, ...]
    leads: list[Lead]
    state: str = "open"
    base_minor: int | None = None
    pushed: int = 0
    closed_at: datetime | None = None
    close_reason: str = ""

    @property
    def primary(self) -> Lead:
        """The lead that led to it."""
        return self.leads[0]


@dataclass(slots=True, kw_only=True)
class Activity:
    """Something that was done: a row of `selling_activity`."""

    id: int
    lead_id: int
    opportunity_id: int | None
    person_id: int
    user_id: int
    kind: str
    outcome: str
    contacted: bool
    note: str
    minutes: int | None
    next_step: str
    next_step_at: datetime | None
    step_before: list[str] | None
    happened_at: datetime


@dataclass(slots=True, kw_only=True)
class Lead:
    """One pursuit: a row of `leads_lead` with all that hangs on it. `hand` is the number of the hand that opened it."""

    id: int
    hand: int
    person: Person
    interest_id: int
    stage: Stage
    stage_since: datetime
    owner_id: int
    team_id: int | None
    due_at: datetime | None
    due_kind: str
    programme_id: int | None
    source_id: int | None
    handover: str
    why: str
    last_touch_at: datetime
    opened_at: datetime
    follows_id: int | None
    fit: int = 0
    grade: str = ""
    engagement: float | None = None
    readiness: int = 0
    expected_value: int = 0
    buying_stage: str = "unaware"
    touches: int = 1
    recycled: int = 0
    exception_code: str = ""
    closed_at: datetime | None = None
    close_reason: str = ""
    owed: dict[str, Owed] = field(default_factory=dict)  # what runs, by kind
    assessment: Assessment | None = None
    offers: list[Offer] = field(default_factory=list)
    enrolment: Enrolment | None = None  # the one that waits
    journeys: set[str] = field(default_factory=set)  # keys of all it has been on
    deal: Deal | None = None  # the one that is open
    portal_name: str = ""  # of the last inquiry, as is its message
    message: str = ""
    asked: list[datetime] = field(default_factory=list)

    @property
    def offer(self) -> Offer | None:
        """The hand-over that waits for an answer."""
        return self.offers[-1] if self.offers and self.offers[-1].state == "offered" else None

    @property
    def company_id(self) -> int | None:
        """The firm of its person."""
        return self.person.company_id

    def running(self) -> list[Owed]:
        """What is owed, by due time."""
        return sorted(self.owed.values(), key=lambda one: (one.due_at, one.id))
