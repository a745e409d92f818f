"""What crosses the door of the forecast. Money in minor units of the company's currency."""

from __future__ import annotations

from dataclasses import field
from datetime import date, datetime

from leadloop.kernel.values import dataclass


@dataclass(frozen=True, slots=True)
class Submitted:
    """What somebody said last of a month, what is won already included; `at` is when."""

    user_id: int
    month: date
    commit: int
    best: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Adjusted:
    """What a manager added last to a person's or a team's commit of a month, and why."""

    manager_id: int
    month: date
    user_id: int | None
    team_id: int | None
    delta: int
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SnapshotRow:
    """When a forecast was made and from how much. `foreseen` False: too few closed deals for a model."""

    id: int
    day: date
    at: datetime
    replayed: bool
    closed_deals: int
    open_deals: int
    foreseen: bool
    unconverted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure, see `models.Figure`; percentiles are None where nothing was foreseen."""

    kind: str
    key: int
    month: date
    won: int
    p10: int | None
    p50: int | None
    p90: int | None
    inflow: int | None = None
    weighted: int | None = None
    commit: int | None = None
    run_rate: int | None = None


@dataclass(frozen=True, slots=True)
class OutlookRow:
    """An open deal as the newest forecast sees it; `chance` and `by_month` from 0 to 1."""

    opportunity_id: int
    minor: int
    chance: float
    by_month: tuple[float, ...]
    weeks: float
    slip_days: float | None
    owner_id: int
    team_id: int | None
    close_on: date
    category: str


@dataclass(frozen=True, slots=True)
class WonRow:
    """What one owner won in a month for a team: the sum, and of how many deals."""

    month: date
    owner_id: int
    team_id: int | None
    minor: int
    deals: int


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest forecast with all its figures."""

    snapshot: SnapshotRow
    figures: tuple[FigureRow, ...] = field(default=())

    def of(self, kind: str, key: int | None = None) -> list[FigureRow]:
        """The figures of a kind (and of one team or product), by month."""
        return [one for one in self.figures if one.kind == kind and key in (None, one.key)]
