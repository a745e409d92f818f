"""The clauses of the agreement, as every room reads them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Leadership = Literal["sales", "marketing", "joint"]
Handover = Literal["sales_ready", "all_inquiries", "sales_owned"]
ReasonUse = Literal["reject", "recycle", "lose", "disqualify", "skip", "pull_back", "win", "merge"]


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


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
