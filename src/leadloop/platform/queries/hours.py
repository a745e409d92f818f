"""When people work, and who is away."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from leadloop.kernel import clock
from leadloop.kernel.clock import WorkCalendar
from leadloop.kernel.errors import Unavailable
from leadloop.ledger.sql import fetch
from leadloop.platform.contracts import AbsenceRow, CalendarRow
from leadloop.platform.hours import calendar_of, week_pairs
from leadloop.platform.models import Absence, WorkingCalendar

_FIELDS = "c.zone, c.week::text, c.country, c.subdivision, c.extra_holidays"
_OF_USERS = f"""
select u.id, {_FIELDS}
  from platform_user u
  join platform_setting s on s.id = 1
  join platform_workingcalendar c on c.id = coalesce(u.calendar_id, s.calendar_id)
 where u.id = any(%s::bigint[])
"""
_OF_COMPANY = f"""
select {_FIELDS} from platform_setting s join platform_workingcalendar c on c.id = s.calendar_id where s.id = 1
"""
_AWAY = """
select user_id from platform_absence where user_id = any(%s::bigint[]) and starts_at <= %s and ends_at > %s
"""


def calendars(user_ids: Collection[int]) -> dict[int, WorkCalendar]:
    """The working calendar of each user, the company's where they have none of their own.

    One query; unknown users are left out. Rows that are equal give the same object.
    """
    return {row[0]: _calendar(row[1:]) for row in fetch(_OF_USERS, [list(user_ids)])}


def company_calendar() -> WorkCalendar:
    """The company's own working calendar. One query; raises Unavailable before the installation is complete."""
    found = fetch(_OF_COMPANY)
    if not found:
        raise Unavailable("There is no working calendar yet", mend="Run leadloop up, which installs what is missing")
    return _calendar(found[0])


def calendar_rows() -> dict[int, CalendarRow]:
    """All working calendars by id, as they are edited. One query."""
    return {
        c.id: CalendarRow(
            c.id, c.key, c.name, c.zone, week_pairs(c.week), c.country, c.subdivision, tuple(c.extra_holidays)
        )
        for c in WorkingCalendar.objects.order_by("name")
    }


def absent(user_ids: Collection[int], at: datetime) -> set[int]:
    """Those of the users who are away at this moment. One query."""
    return {user_id for (user_id,) in fetch(_AWAY, [list(user_ids), at, at])}


def absences(ends_after: datetime) -> list[AbsenceRow]:
    """Absences that run or are to come, the next first. One query."""
    rows = Absence.objects.filter(ends_at__gt=ends_after).order_by("starts_at", "id")
    return [AbsenceRow(*row) for row in rows.values_list("id", "user_id", "starts_at", "ends_at", "deputy_id", "note")]


def _calendar(row: tuple[Any, ...]) -> WorkCalendar:
    zone, week, country, subdivision, extra = row
    return calendar_of(zone, week, country, subdivision, tuple(extra), clock.now().year)
