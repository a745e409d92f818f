"""What has been written in memory so far: facts in their order, rows by table, and the ids given out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any, NamedTuple

import orjson

from leadloop.loop.simulator.house.state import Activity, Deal, Enrolment, Lead, Offer, Owed

# Tables whose rows are named by others; all other rows are numbered by the database.
NUMBERED = (
    "people.Person",
    "people.Company",
    "capture.Submission",
    "leads.Lead",
    "leads.Promise",
    "distribution.Assignment",
    "nurture.Enrolment",
    "selling.Opportunity",
    "selling.Activity",
    "outreach.Message",
)
EVENT = (
    "kind",
    "happened_at",
    "recorded_at",
    "actor",
    "person_id",
    "company_id",
    "lead_id",
    "opportunity_id",
    "programme_id",
    "reason",
    "agreement_version",
    "amount",
    "currency",
    "base_amount",
    "payload",
)


class Fact(NamedTuple):
    """A recorded fact as routes see it."""

    kind: str
    actor: str
    lead: Lead | None
    payload: Mapping[str, Any]


class Ids:
    """The next id of each table; `first` are those after the ones that stand already, `step` leaves some to others."""

    def __init__(self, first: Mapping[str, int] | None = None, *, step: int = 1) -> None:
        begin = first or dict.fromkeys(NUMBERED, 1)
        self._counters = {name: count(begin[name], step) for name in NUMBERED}
        self.last: dict[str, int] = {}

    def next(self, table: str) -> int:
        """Draw one."""
        drawn = self.last[table] = next(self._counters[table])
        return drawn


@dataclass
class Rows:
    """Rows that may still change are kept as objects, others as tuples in the order of their table's columns."""

    facts: list[tuple[Any, ...]] = field(default_factory=list)
    leads: list[Lead] = field(default_factory=list)
    promises: list[Owed] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    enrolments: list[Enrolment] = field(default_factory=list)
    deals: list[Deal] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    plain: dict[str, list[tuple[Any, ...]]] = field(default_factory=lambda: defaultdict(list))


def payload_text(payload: Mapping[str, Any]) -> str | None:
    """The payload as the ledger stores it; None when there is none."""
    return orjson.dumps(payload).decode() if payload else None


def iso(moment: datetime | None) -> str:
    """A moment as facts tell it; "" for none."""
    return moment.isoformat() if moment else ""
