"""What a notice is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class NoticeKind(StrEnum):
    """What somebody is told of."""

    LEAD = "lead"  # a lead was handed over to them
    LEADS = "leads"  # many leads were handed over to them at once
    LATE = "late"  # a promise of theirs ran out
    BACK = "back"  # a lead was pulled back from them
    MAILING = "mailing"  # a mailing they made or confirmed was stopped
    APPEAL = "appeal"  # an appeal waits for their decision, or one of theirs was decided
    IMPORT = "import"  # rows of an import of theirs are in quarantine


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One notice. `waits` until it is read or, of leads, promises and open appeals, until it is settled otherwise."""

    id: int
    kind: NoticeKind
    lead_id: int | None
    subject_id: int | None
    detail: str
    at: datetime
    read_at: datetime | None
    waits: bool
