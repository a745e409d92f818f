"""When somebody is called next, and what the caller does after each outcome."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from leadloop.kernel.clock import WorkCalendar, add_working_days
from leadloop.kernel.decision import Decision, Reason, because
from leadloop.kernel.values import dataclass
from leadloop.leads.contracts import PromiseKind
from leadloop.outreach.contracts import Calling, Limits
from leadloop.selling.contracts import ActivityKind, ActivityRow

MOST_ATTEMPTS = 6
# How long at least between an attempt and the next, after the first, the second, …
GAPS = tuple(timedelta(hours=hours) for hours in (2, 20, 24, 48, 72))
PARTS = (time(9, 30), time(12, 30), time(16, 30))  # morning, noon, late afternoon, where the person is
LONGEST = timedelta(days=14)  # holidays and quiet hours leave a day within it, or the gap alone decides
LATER = timedelta(hours=2)


class Place(StrEnum):
    """Where a lead stands in the queue of calls."""

    NOW = "now"
    QUIET = "quiet"  # it is night where they are
    LATER = "later"  # something else is agreed until then
    SPENT = "spent"  # six attempts in a row reached nobody
    BARRED = "barred"  # no number, or one that may not be called


@dataclass(frozen=True, slots=True)
class Tried:
    """Calls since somebody was last reached: how many, and when the last was."""

    made: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A place in the queue; `until` is when it is looked at again, None where that is now or never."""

    place: Place
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class NextStep:
    """What comes next, and when."""

    at: datetime
    note: str


def tried(done: Sequence[ActivityRow]) -> Tried:
    """Count the calls of a lead since somebody was last reached in any way; `done` is the newest first."""
    made: list[datetime] = []
    for one in done:
        if one.contacted:
            break
        if one.kind is ActivityKind.CALL:
            made.append(one.happened_at)
    return Tried(len(made), made[0] if made else None)


def place_of(
    so_far: Tried, calling: Calling, *, due_kind: str, due_at: datetime | None, step_at: datetime | None, now: datetime
) -> Decision[Standing]:
    """Where a lead stands: who may not be called first, then who rests, then who sleeps.

    `step_at` is when its promised next step is due, `due_kind` and `due_at` what is due first. A first answer, a
    judgement, an acceptance and a first contact are called for at once; a next step, a wake-up or a journey's step at
    its time; whatever else is owed, nobody is called before the next step that was agreed or put off to.
    """
    if not calling.may and calling.later_at is None:
        return because(Standing(Place.BARRED), Reason(calling.code, calling.reason))
    if so_far.made >= MOST_ATTEMPTS:
        return because(Standing(Place.SPENT), Reason("spent", f"{so_far.made} attempts in a row reached nobody"))
    rests = step_at or (due_at if due_kind in (PromiseKind.WAKE, PromiseKind.NURTURE) else None)
    if rests is not None and rests > now:
        return because(Standing(Place.LATER, rests), Reason("agreed", "The next step is due then"))
    if not calling.may:
        return because(Standing(Place.QUIET, calling.later_at), Reason(calling.code, calling.reason))
    return because(Standing(Place.NOW))


def next_attempt(made: int, last: datetime, zone: str, limits: Limits, closed: frozenset[date]) -> datetime | None:
    """When to try again after so many attempts; None when there were enough.

    After the gap that belongs to the attempt, at another part of the day than the last one, on a weekday that is no
    holiday (`closed`), outside the quiet hours where the person is.
    """
    if made >= MOST_ATTEMPTS:
        return None
    earliest = last + GAPS[max(made, 1) - 1]
    before = part_of(last.astimezone(ZoneInfo(zone)).time())
    return _slot(earliest, zone, limits, closed, unlike=before)


def _slot(earliest: datetime, zone: str, limits: Limits, closed: frozenset[date], *, unlike: int = -1) -> datetime:
    """The first time to call from a moment on; the moment itself when two weeks have none."""
    there = ZoneInfo(zone)
    day = earliest.astimezone(there).date()
    for ahead in range(LONGEST.days):
        on = day + timedelta(days=ahead)
        if on.weekday() >= 5 or on in closed:
            continue
        for part, start in enumerate(PARTS):
            moment = datetime.combine(on, start, there).astimezone(UTC)
            if part != unlike and moment >= earliest and not is_quiet(start, limits):
                return moment
    return earliest


def part_of(clock: time) -> int:
    """The part of the day nearest to a time of day: 0 morning, 1 noon, 2 late afternoon."""
    minutes = clock.hour * 60 + clock.minute
    return min(range(len(PARTS)), key=lambda part: abs(minutes - PARTS[part].hour * 60 - PARTS[part].minute))


def is_quiet(clock: time, limits: Limits) -> bool:
    """Whether the contact policy keeps this time of day quiet."""
    start, end = limits.quiet_from, limits.quiet_until
    if start == end:
        return False
    return start <= clock < end if start < end else clock >= start or clock < end


def after_call(
    outcome: str, made: int, zone: str, *, limits: Limits, calendar: WorkCalendar, now: datetime
) -> Decision[NextStep]:
    """What comes after a call that ended so; `made` counts the attempts in a row with this one."""
    if outcome in ("voicemail", "no_answer"):
        again = next_attempt(made, now, zone, limits, calendar.holidays)
        if again is not None:
            why = Reason("spread", "At another time of day than the last attempt")
            return because(NextStep(again, f"Call again, attempt {made + 1} of {MOST_ATTEMPTS}"), why)
        outcome = "spent"
    days, note = AFTER[outcome]
    return because(NextStep(add_working_days(now, days, calendar), note), Reason(outcome, "In working days"))


def put_off(now: datetime, zone: str, limits: Limits, closed: frozenset[date]) -> datetime:
    """Two hours on, or the next morning one may call where the person is."""
    later = now + LATER
    wall = later.astimezone(ZoneInfo(zone))
    is_day = wall.weekday() < 5 and wall.date() not in closed and wall.time() >= PARTS[0]
    return later if is_day and not is_quiet(wall.time(), limits) else _slot(later, zone, limits, closed)


AFTER = {
    "booked_meeting": (1, "Confirm the meeting and prepare it"),
    "talked": (3, "Follow up on what was said"),
    "spent": (1, f"{MOST_ATTEMPTS} calls reached nobody: write, recycle or give up"),
    "wrong_number": (1, "Find the right number, or write"),
    "do_not_call": (1, "Does not want calls: write instead"),
}
