"""What pages and commands read of the room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from typing import Any

from leadloop.kernel.values import dataclass


@dataclass(frozen=True, slots=True)
class QuarantineRow:
    """A delivery in quarantine as pages list it; `body` is shown as text, never trusted."""

    id: int
    portal_id: int
    portal_name: str
    received_at: datetime
    code: str
    text: str
    attempts: int
    import_run_id: int | None
    row_number: int | None
    content_type: str
    body: str
    corrected: Mapping[str, Any] | None
    context: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """One portal on one day of the company's zone: received = new + joined + other + quarantined + waiting.

    `no_inquiry` is the part of the quarantined that waits for nobody: see NO_INQUIRIES.
    """

    portal_id: int
    day: date
    received: int
    new: int
    joined: int
    other: int
    quarantined: int
    waiting: int
    no_inquiry: int = 0

    @property
    def held(self) -> int:
        """What waits in quarantine to be looked at."""
        return self.quarantined - self.no_inquiry


@dataclass(frozen=True, slots=True)
class InquiryRow:
    """One raised hand as a person's or lead's page shows it."""

    id: int
    portal_id: int
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
    answers: Mapping[str, str]
    touch: Mapping[str, str]
    asset_id: int | None
    external_id: str
    place_id: int | None


@dataclass(frozen=True, slots=True)
class ImportRunRow:
    """One run of one file. rows = stored + known; stored = new + joined + other + quarantined + waiting."""

    id: int
    portal_id: int
    file_name: str
    state: str
    rows: int
    stored: int
    known: int
    new: int
    joined: int
    other: int
    quarantined: int
    waiting: int
    started_by: str
    started_at: datetime
    finished_at: datetime | None
    error: str
    reading: Mapping[str, Any]
    undone_at: datetime | None = None
    undone: Mapping[str, Any] = field(default_factory=dict)
