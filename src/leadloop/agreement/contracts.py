"""The clauses of the agreement, as every room reads them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator

from leadloop.kernel.values import dataclass

Leadership = Literal["sales", "marketing", "joint"]
Handover = Literal["sales_ready", "all_inquiries", "sales_owned"]
ReasonUse = Literal["reject", "recycle", "lose", "disqualify", "skip", "pull_back", "win", "merge"]

# What every agreement must speak of. The keys are those of `leads.contracts`, which stands on a higher floor.
STAGES = (
    "inquiry",
    "nurturing",
    "qualified",
    "assigned",
    "accepted",
    "working",
    "opportunity",
    "won",
    "lost",
    "disqualified",
    "merged",
)
PROMISES = ("reply", "qualify", "accept", "contact", "next_step", "nurture", "wake")
PLACES = ("support", "job", "supplier", "other")
USES: tuple[ReasonUse, ...] = get_args(ReasonUse)
OWN_REASONS: dict[str, ReasonUse] = {  # codes that Leadloop itself gives, so they must be there
    "not_worked": "pull_back",
    "same_person": "merge",
    "bought": "win",
    "imported_won": "win",
    "imported_lost": "lose",
    "imported_stage": "skip",
    "portal_hands_over": "skip",
    "own_prospect": "skip",
}


class Capacity(StrEnum):
    """In what capacity somebody signs; the keys are those of the roles."""

    HEAD_OF_SALES = "head_of_sales"
    HEAD_OF_MARKETING = "head_of_marketing"


class Frozen(BaseModel):
    """Base of all clauses: read-only, and unknown keys are an error that names them."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class StageClause(Frozen):
    """What a stage is called and means, and who answers for it. `enters_when` is a condition (see `criteria`)."""

    label: str
    means: str
    keeper_id: int
    deputy_id: int | None = None
    enters_when: dict[str, Any] | None = None


class PromiseClause(Frozen):
    """How long a promise may take: working time of its owner's calendar, or clock time."""

    label: str
    minutes: Annotated[int, Field(gt=0)]
    working_time: bool = True

    def text(self) -> str:
        """The time in plain words, such as "4 working hours"."""
        kind = "working " if self.working_time else ""
        if self.minutes % 1440 == 0 and not self.working_time:
            return _count(self.minutes // 1440, f"{kind}day")
        if self.minutes % 60 == 0:
            return _count(self.minutes // 60, f"{kind}hour")
        return _count(self.minutes, f"{kind}minute")


class ReasonClause(Frozen):
    """A coded reason. `back_to` says where a rejected lead goes; `wake_days` when a recycled one is looked at again."""

    label: str
    uses: tuple[ReasonUse, ...]
    back_to: Literal["qualified", "nurturing", ""] = ""
    wake_days: int | None = None


class Clauses(Frozen):
    """The whole text. Stages and promises are keyed by their fixed keys (see `leads.contracts`)."""

    leadership: Leadership
    stages: dict[str, StageClause]
    promises: dict[str, PromiseClause]
    reasons: dict[str, ReasonClause]
    handover: Handover = "sales_ready"
    reopen_days: int = 90
    places: dict[str, int]  # inquiry kind that is not "sales" -> user who looks after it

    @field_validator("stages", "promises", "places")
    @classmethod
    def _in_order(cls, given: dict[str, Any]) -> dict[str, Any]:
        """The database does not keep the order of keys; what is read is in the order of the text again."""
        order = (*STAGES, *PROMISES, *PLACES)
        return dict(sorted(given.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order)))

    @field_validator("reasons")
    @classmethod
    def _by_label(cls, given: dict[str, ReasonClause]) -> dict[str, ReasonClause]:
        return dict(sorted(given.items(), key=lambda item: item[1].label.casefold()))


class Terms(Frozen):
    """Clauses that are in force, with their version."""

    version: int
    in_force_from: datetime
    clauses: Clauses

    def keeper(self, stage: str) -> int:
        """The user accountable for a stage."""
        return self.clauses.stages[stage].keeper_id

    def label(self, stage: str) -> str:
        """What the company calls a stage."""
        return self.clauses.stages[stage].label

    def reasons_for(self, use: ReasonUse) -> dict[str, str]:
        """Code and label of the reasons that may be given for something."""
        return {code: r.label for code, r in self.clauses.reasons.items() if use in r.uses}


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """One signature under a draft or version."""

    capacity: Capacity
    user_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """A draft (`version` and `in_force_from` None) or a version that was signed.

    `drafted_by` is None when the installation wrote it. `missing` are the capacities that have yet to sign.
    `outdated` tells of a draft that another version has overtaken: it can't be signed any more.
    """

    id: int
    version: int | None
    clauses: Clauses
    note: str
    drafted_by: int | None
    drafted_at: datetime
    in_force_from: datetime | None
    based_on: int | None
    signatures: tuple[SignatureRow, ...]
    missing: tuple[Capacity, ...]
    outdated: bool


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one clause. `clause` is a path such as "stages.qualified.keeper_id"."""

    clause: str
    problem: str
    mend: str


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
