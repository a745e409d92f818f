"""What services write: rows of leads and promises before they have a table."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from leadloop.leads.contracts import LeadRow, PromiseRow, PromiseState

# The columns of a lead: those of LeadRow in their order, then what only its own table tells.
LEAD_TYPES = {
    "id": "bigint",
    "person_id": "bigint",
    "company_id": "bigint",
    "interest_id": "bigint",
    "stage": "text",
    "stage_since": "timestamptz",
    "owner_id": "bigint",
    "team_id": "bigint",
    "due_at": "timestamptz",
    "due_kind": "text",
    "fit": "smallint",
    "grade": "text",
    "engagement": "float8",
    "readiness": "smallint",
    "propensity": "float8",
    "expected_value": "bigint",
    "buying_stage": "text",
    "programme_id": "bigint",
    "source_id": "bigint",
    "handover": "text",
    "why": "text",
    "last_touch_at": "timestamptz",
    "touches": "int",
    "recycled": "smallint",
    "exception_code": "text",
    "opened_at": "timestamptz",
    "closed_at": "timestamptz",
    "close_reason": "text",
    "follows_id": "bigint",
    "attributes": "jsonb",
}


class NewPromise(NamedTuple):
    """A promise to be written; its id is given by the database."""

    lead_id: int
    kind: str
    owner_id: int
    due_at: datetime
    note: str = ""


class Settlement(NamedTuple):
    """What becomes of a running promise; one that runs on may change hands."""

    promise: PromiseRow
    state: PromiseState
    owner_id: int
    evidence: str = ""


class Head(NamedTuple):
    """The columns of a lead that moves, owners and promises change."""

    lead_id: int
    stage: str
    stage_since: datetime
    owner_id: int
    team_id: int | None
    due_at: datetime | None
    due_kind: str
    recycled: int
    exception_code: str
    why: str
    closed_at: datetime | None
    close_reason: str


def closed_head(lead: LeadRow, stage: str, reason: str, now: datetime) -> Head:
    """A lead as it stands once it is closed outside the table of moves."""
    return Head(
        lead_id=lead.id,
        stage=stage,
        stage_since=now,
        owner_id=lead.owner_id,
        team_id=lead.team_id,
        due_at=None,
        due_kind="",
        recycled=lead.recycled,
        exception_code=lead.exception_code,
        why=lead.why,
        closed_at=now,
        close_reason=reason,
    )
