"""What was done with a lead or a deal."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from leadloop.kernel.values import dataclass


class ActivityKind(StrEnum):
    """What a salesperson does."""

    CALL = "call"
    MAIL = "mail"
    MEETING = "meeting"
    SOCIAL = "social"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityIn:
    """Something that was done on a lead. `outcome` is a code of `outcomes.OUTCOMES`; only a note has none.

    The next step is a moment and a note, one not without the other. `leaves` tells that the caller takes the lead
    out of sales' hands in the same transaction, so that no next step is owed. `user_id` None: who logs it did it.
    """

    lead_id: int
    kind: ActivityKind
    outcome: str = ""
    note: str = ""
    minutes: int | None = None
    next_step_at: datetime | None = None
    next_step_note: str = ""
    happened_at: datetime | None = None
    leaves: bool = False
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class Logged:
    """An activity as it was written; `opportunity_id` is the open deal it counts for, `moved` says into contact."""

    activity_id: int
    lead_id: int
    opportunity_id: int | None
    contacted: bool
    moved: bool


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """An activity as timelines show it."""

    id: int
    lead_id: int
    opportunity_id: int | None
    person_id: int
    user_id: int
    kind: ActivityKind
    outcome: str
    contacted: bool
    note: str
    minutes: int | None
    next_step: str
    next_step_at: datetime | None
    happened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PastActivity:
    """Something that was done elsewhere. `key` is what its file calls it; the same key comes in once."""

    key: str
    lead_id: int
    person_id: int
    opportunity_id: int | None
    user_id: int
    kind: ActivityKind
    outcome: str
    note: str
    minutes: int | None
    happened_at: datetime
