"""What would have been foreseen of a demo company, month by month, beside what came."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from leadloop.loop.simulator import Size, simulate
from leadloop.tracking.forecast.accuracy import alike
from leadloop.tracking.forecast.backtest import points
from leadloop.tracking.forecast.taking import try_past


def judged(seed: int, leads: int, end: datetime) -> dict[str, Any]:
    """As `leadloop backtest` has it: what every method said on the first day of each month of that and the next two,
    and what came, of months for which the model spoke. JSON-ready."""
    simulate(seed=seed, end=end, size=Size(leads=leads))
    said = alike(points(try_past(end)))
    return {"points": [asdict(one) | {"month": one.month.isoformat()} for one in said]}
