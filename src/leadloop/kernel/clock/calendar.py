"""The working calendar: when a person, team or company works."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from leadloop.kernel.clock.zones import time_zone
from leadloop.kernel.errors import Invalid

Interval = tuple[time, time]
MIDNIGHT = time(0)


@dataclass(frozen=True)
class WorkCalendar:
    """Opening hours by the wall clock of ``zone``, hashable so that sums over it can be kept.

    ``week`` has seven entries, Monday first, each a tuple of (opens, closes), in order and not overlapping.
    Closing at ``time(0)`` means at the end of that day; hours across midnight are two intervals. Nothing is
    open on a day in ``holidays``. Raises Invalid for an unknown zone or a week of another form; a week with
    no opening at all can be built, but asking it when something will be done raises Invalid.
    """

    zone: str
    week: tuple[tuple[Interval, ...], ...]
    holidays: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        time_zone(self.zone)
        if len(self.week) != 7:
            raise _misformed("a week has seven days, Monday first")
        for day in self.week:
            _check_day(day)

    def openings(self, day: date) -> tuple[Interval, ...]:
        """Return the wall-clock openings of ``day``, none on a holiday."""
        return () if day in self.holidays else self.week[day.weekday()]


def _check_day(day: tuple[Interval, ...]) -> None:
    last = MIDNIGHT
    for i, (opens, closes) in enumerate(day):
        if opens.tzinfo or closes.tzinfo:
            raise _misformed("opening hours are wall-clock times without a zone")
        if closes <= opens and closes != MIDNIGHT:
            raise _misformed("an opening must close after it opens, on the same day")
        if i and (opens < last or last == MIDNIGHT):
            raise _misformed("openings of a day must be in order and must not overlap")
        last = closes


def _misformed(problem: str) -> Invalid:
    return Invalid(problem, field="week", mend="Give opening hours such as 09:00 to 17:00 for each day")


ALWAYS_OPEN = WorkCalendar("UTC", (((MIDNIGHT, MIDNIGHT),),) * 7)
