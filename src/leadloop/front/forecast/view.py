"""Everything that is read for one forecast page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from leadloop.front.forecast.reach import Part
from leadloop.platform.contracts import Company
from leadloop.tracking.forecast.contracts import Adjusted, FigureRow, Newest, Submitted, WonRow


@dataclass(frozen=True, slots=True)
class View:
    """Everything that was read for one page."""

    part: Part
    month: date
    months: tuple[date, ...]
    us: Company
    newest: Newest | None
    figures: Mapping[date, FigureRow]
    plans: Mapping[tuple[int | None, date], int]
    won: Sequence[WonRow]
    submitted: Mapping[tuple[int, date], Submitted]
    adjusted: Sequence[Adjusted]

    @property
    def figure(self) -> FigureRow | None:
        """That of the month that is shown."""
        return self.figures.get(self.month)

    @property
    def plan(self) -> int | None:
        """What is planned for that month."""
        return self.plans.get((self.part.team_id, self.month))

    def won_in(self, month: date) -> tuple[int, int]:
        """What the part won in a month: the sum, and of how many deals."""
        mine = [row for row in self.won if row.month == month and self.part.team_id in (None, row.team_id)]
        return sum(row.minor for row in mine), sum(row.deals for row in mine)
