"""When people do things: in office hours, some at once, some late."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import log
from random import Random

from leadloop.kernel.clock import WorkCalendar, add_working

HOURS = (9, 13)  # UTC; within office hours in summer and winter


def soon(now: datetime, calendar: WorkCalendar, roll: Random, *, minutes: float, spread: float = 0.8) -> datetime:
    """After some working time, most often about so many minutes; never at a whole second."""
    span = timedelta(minutes=max(2.0, roll.lognormvariate(log(minutes), spread)))
    return uneven(add_working(now, span, calendar), roll)


def about(due_at: datetime, now: datetime, calendar: WorkCalendar, roll: Random, *, diligence: float) -> datetime:
    """When something promised is done: mostly in time, the later the less diligent somebody is."""
    if roll.random() < diligence * 0.9:
        at = due_at - timedelta(minutes=roll.uniform(3, 150))
    else:
        at = add_working(due_at, timedelta(minutes=roll.lognormvariate(log(240 / max(0.2, diligence)), 0.9)), calendar)
    return uneven(max(at, now + timedelta(minutes=roll.uniform(8, 45))), roll)


def workday(now: datetime, days: tuple[int, int], roll: Random) -> datetime:
    """A moment in office hours so many days ahead, from the least to the most, moved on from weekends."""
    at = now + timedelta(days=roll.randint(*days))
    while at.weekday() > 4:
        at += timedelta(days=1)
    return at.replace(hour=roll.randint(*HOURS), minute=roll.choice((0, 15, 30, 45)), second=0, microsecond=0)


def uneven(at: datetime, roll: Random) -> datetime:
    """A little later than a moment, and not at a whole second, at which only the clock acts."""
    later = at + timedelta(seconds=roll.uniform(5, 300))
    return later.replace(microsecond=roll.randint(1, 999_999))
