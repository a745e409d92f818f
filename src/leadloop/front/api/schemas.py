"""What goes over the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Field, Schema

from leadloop.leads.contracts import Sort
from leadloop.selling.contracts import ActivityKind

MOST = 100
RowId = Annotated[int, Field(ge=1, le=2**63 - 1)]


class Problem(Schema):
    """What is wrong, in which field, and how to mend it."""

    code: str
    problem: str
    field: str = ""
    mend: str = ""


class LeadOut(Schema):
    """A pursuit. `expected_value` is in minor units of the company's currency; `due_at` is the next promise."""

    id: int
    person_id: int
    company_id: int | None
    interest_id: int
    stage: str
    stage_since: datetime
    owner_id: int
    team_id: int | None
    due_at: datetime | None
    due_kind: str
    grade: str
    fit: int
    readiness: int
    expected_value: int
    programme_id: int | None
    source_id: int | None
    why: str
    touches: int
    recycled: int
    opened_at: datetime
    closed_at: datetime | None
    close_reason: str


class LeadQuery(Schema):
    """Which leads, in which order; what is left out filters nothing."""

    after: str | None = Field(None, description="The cursor that the page before gave as next")
    limit: int = Field(50, ge=1, le=MOST)
    sort: Sort = Sort.NEWEST
    stage: str | None = None
    owner: int | None = None
    is_open: bool | None = Field(None, alias="open")
    opened_from: datetime | None = None
    opened_before: datetime | None = None


class LeadPage(Schema):
    """`next` is the cursor of the next page: give it as `after`. None at the end."""

    items: list[LeadOut]
    next: str | None


class PersonOut(Schema):
    """Somebody, with the first of their addresses and numbers. "" is not known."""

    id: int
    name: str
    given: str
    family: str
    email: str
    phone: str
    title: str
    company_id: int | None
    company_name: str
    country: str
    city: str
    language: str


class InquiryOut(Schema):
    """One raised hand."""

    id: int
    portal_name: str
    kind: str
    person_id: int | None
    lead_id: int | None
    interest_id: int
    programme_id: int | None
    source_id: int | None
    happened_at: datetime
    received_at: datetime
    outcome: str
    message: str
    answers: dict[str, str]
    touch: dict[str, str]


class ProgrammeOut(Schema):
    """A node of the tree of programmes, campaigns and activities."""

    id: int
    key: str
    name: str
    level: str
    parent_id: int | None
    owner_id: int
    starts_on: date
    ends_on: date | None


class PeopleQuery(Schema):
    """Whom to look for."""

    q: str = Field(min_length=2, max_length=200, description="Name, company, e-mail or number")


class ActivityBody(Schema):
    """Something that was done. A next step is a moment and a note, one not without the other."""

    kind: ActivityKind
    outcome: str = Field("", description="A code such as talked or no_answer; only a note has none")
    note: str = Field("", max_length=4000)
    minutes: int | None = Field(None, ge=0, le=1440)
    next_step_at: datetime | None = None
    next_step_note: str = Field("", max_length=200)
    happened_at: datetime | None = None


class Logged(Schema):
    """What was done, in words."""

    lead_id: int
    done: str


class PortalPath(Schema):
    """A portal, by its key or public slug."""

    key: str = Field(max_length=60, pattern="^[a-z0-9-]+$")


class DayCountIn(Schema):
    """How many were sent on one day of the company's zone."""

    day: date
    count: int = Field(ge=0, le=10_000_000)


class CountsIn(Schema):
    """Days of the last year, each once; the last one given counts."""

    counts: list[DayCountIn] = Field(min_length=1, max_length=400)


class DayCountOut(Schema):
    """What was sent on a day, what came in, and how many are missing."""

    day: date
    said: int
    came: int
    missing: int


class SaidOut(Schema):
    """What one record says, since when, and from where."""

    value: str
    at: datetime
    source: str


class OfferOut(Schema):
    """A field of two records: the value that stays is that of the record that `wins`, for the reason given."""

    field: str
    survivor: SaidOut
    loser: SaidOut
    wins: str
    why: str


class MoveOut(Schema):
    """How much of what goes over."""

    what: str
    count: int


class MergeQuery(Schema):
    """Which record would be merged into the one of the address, and by which rule."""

    other: RowId = Field(alias="with", description="The id of the record that is merged into this one")
    rule: Literal["usual", "newest", "complete", "trusted", "main"] = "usual"


class MergeBody(MergeQuery):
    """The same, with choices of one's own: by field, "survivor" or "loser"."""

    chosen: dict[str, Literal["survivor", "loser"]] = Field(default_factory=dict)


class MergePlanOut(Schema):
    """What a merge would do. `against` says why it can't be done, and is empty where it can."""

    survivor_id: int
    loser_id: int
    offers: list[OfferOut]
    moves: list[MoveOut]
    against: list[str]


class Merged(Schema):
    """A merge that was done; under its id it can be taken back."""

    merge_id: int
    person_id: int


class QuestionOut(Schema):
    """Something whose source does not say whose it is; answered under its key with one of the options."""

    key: str
    says: str
    options: list[str]
    value: str
    at: datetime | None
    actor: str
    source: str
    of_survivor: str
    of_loser: str
    proposed: str


class UnmergePlanOut(Schema):
    """What taking a merge back would do: whose every inquiry since is, by its id, and what has to be answered first."""

    survivor_id: int
    loser_id: int
    inquiries: dict[int, int]
    questions: list[QuestionOut]


class UnmergeBody(Schema):
    """Answers by the key of the question: "survivor", "loser" or "both". `never_again` says they are not the same."""

    answers: dict[str, Literal["survivor", "loser", "both"]] = Field(default_factory=dict)
    never_again: bool = False


class Parted(Schema):
    """The two persons; `still_merged` are leads that stay closed as merged since too much has changed."""

    survivor_id: int
    loser_id: int
    still_merged: list[int]
