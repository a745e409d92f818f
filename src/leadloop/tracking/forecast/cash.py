"""When won money comes in: by payment terms, recurring lines month by month over their term. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from leadloop.kernel.values import dataclass

MONTH = Fraction(365, 12)  # days
USUAL_DAYS = 30  # where a line has no payment term


@dataclass(frozen=True, slots=True)
class Due:
    """A line of a deal: its worth, its term in months (None: one-off) and the days until an invoice is paid."""

    minor: int
    months: int | None
    days: int | None


def shares(lines: Iterable[Due], horizon: int) -> list[float]:
    """Which share of a deal's worth comes in so many months after the win: 0 is the same month; sums to at most 1.

    A deal is won in the middle of a month on average. One-off lines are invoiced at the win, recurring ones at the
    start of each month of their term; an invoice is paid `days` later. What lies beyond the horizon is left out.
    Without lines everything is paid after the usual term.
    """
    held = list(lines) or [Due(1, None, None)]
    total = sum(line.minor for line in held)
    parts = [Fraction(0)] * horizon
    if total <= 0:
        return [0.0] * horizon
    for line in held:
        times = line.months or 1
        for invoice in range(times):
            after = int(invoice + Fraction(1, 2) + (USUAL_DAYS if line.days is None else line.days) / MONTH)
            if after >= horizon:
                break
            parts[after] += Fraction(line.minor, total * times)
    return [float(part) for part in parts]
