"""Time: what it is now, when people work, and how long that makes things take."""

from leadloop.kernel.clock.calendar import ALWAYS_OPEN, WorkCalendar
from leadloop.kernel.clock.reading import at, now
from leadloop.kernel.clock.windows import next_moment_in_window
from leadloop.kernel.clock.working import (
    add_working,
    add_working_days,
    is_open,
    next_open,
    working_between,
)
from leadloop.kernel.clock.zones import time_zone

__all__ = [
    "ALWAYS_OPEN",
    "WorkCalendar",
    "add_working",
    "add_working_days",
    "at",
    "is_open",
    "next_moment_in_window",
    "next_open",
    "now",
    "time_zone",
    "working_between",
]
