"""What crosses the door of `tracking`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from leadloop.kernel.values import dataclass


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` up to, but not including, `end`; aware UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure that opens: `sql` selects the ids of the rows behind it, one per row, with named parameters.

    `subject` says what the ids are: lead, inquiry or opportunity. The figure is the number of rows.
    """

    name: str
    label: str
    formula: str
    subject: str
    sql: str


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """A step of the funnel: how many leads of the cohort came at least this far, and of those before."""

    measure: str
    label: str
    stage: str
    leads: int
    of_before: float | None  # share of the step before, 0 to 1; None for the first and where that is 0
    of_all: float | None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Leads handed over to one user (None: everybody) in a period.

    `contacted` really had a conversation or a message after the hand-over. Seconds are clock time to the first
    contact, None when there was none.
    """

    user_id: int | None
    handed_over: int
    contacted: int
    rejected: int
    pulled_back: int
    untouched: int
    p50_seconds: float | None
    p90_seconds: float | None

    @property
    def rate(self) -> float | None:
        """Share that was contacted, 0 to 1; None when nothing was handed over."""
        return self.contacted / self.handed_over if self.handed_over else None


@dataclass(frozen=True, slots=True)
class Return:
    """Cost and return of one programme (None: not attributed). Money in minor units of the base currency.

    Revenue goes to the programme of the last touch before the win, so over all rows it is the won revenue exactly.
    """

    programme_id: int | None
    cost: int
    cost_lines: int
    inquiries: int
    leads: int
    qualified: int
    accepted: int
    opportunities: int
    won: int
    revenue: int
    deals: int  # won deals the revenue is made of

    @property
    def roi(self) -> float | None:
        """(revenue - cost) / cost; None without cost."""
        return (self.revenue - self.cost) / self.cost if self.cost else None


@dataclass(frozen=True, slots=True)
class Standing:
    """How one part of the loop stands. `leaking` is the expected value of its late leads, minor units."""

    key: str
    label: str
    keeper_id: int
    stages: tuple[str, ...]
    promise: str  # the promise this part keeps
    kept: int
    broken: int
    open_leads: int
    late_leads: int
    leaking: int
    converted: float | None  # share of the period's leads that came out at the far end, 0 to 1

    @property
    def kept_rate(self) -> float | None:
        """Share of the promises that fell due in the period and were kept in time; None when none fell due."""
        total = self.kept + self.broken
        return self.kept / total if total else None


@dataclass(frozen=True, slots=True)
class Copied:
    """Where the columnar copy stands: everything up to `as_of` is in it. `forgotten` persons wait to be taken out."""

    generation: int
    as_of: datetime
    events: int
    seconds: float
    forgotten: int


@dataclass(frozen=True, slots=True)
class Worked:
    """What was worked out on the copy for a period, as JSON has it; it holds for `as_of`."""

    as_of: datetime
    generation: int
    said: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Behind:
    """Rows behind a figure: ids of `subject` (lead, inquiry, opportunity or cost), newest first, as of a moment."""

    subject: str
    ids: tuple[int, ...]
    as_of: datetime


@dataclass(frozen=True, slots=True)
class SourceFlow:
    """What a source (None: not known) brought in a period: leads, and deals opened with their worth by currency.

    `made` are pairs of currency and minor units as deals stand now.
    """

    source_id: int | None
    leads: int
    deals: int
    made: tuple[tuple[str, int], ...]
