"""What services write: rows of leads and promises before they have a table."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from leadloop.leads.contracts import PromiseRow, PromiseState


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
