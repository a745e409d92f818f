"""When people promise to do something next."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

HOURS = (9, 13)  # UTC; within office hours in summer and winter


def workday(now: datetime, days: tuple[int, int], roll: Random) -> datetime:
    """A moment in office hours so many days ahead, from the least to the most, moved on from weekends."""
    at = now + timedelta(days=roll.randint(*days))
    while at.weekday() > 4:
        at += timedelta(days=1)
    return at.replace(hour=roll.randint(*HOURS), minute=roll.choice((0, 15, 30, 45)), second=0, microsecond=0)
