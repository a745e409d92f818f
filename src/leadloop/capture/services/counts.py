"""What other sides say they sent, day by day, against what came. A gap is told once, and again when it changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction

from leadloop.capture.doors import CountRow
from leadloop.capture.facts import PortalCountsDiffer
from leadloop.capture.models import Portal
from leadloop.capture.queries.health import WATCHED, counts
from leadloop.kernel import clock
from leadloop.kernel.errors import Invalid, NotFound
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.ledger.sql import columns, fetch, run
from leadloop.platform import queries as platform

MOST_DAYS, MOST_A_DAY = 400, 10_000_000
_SAY = """
insert into capture_owncount (portal_id, day, count, said_by, said_at, missing_told)
select %s, day, count, %s, %s, 0 from unnest(%s::date[], %s::bigint[]) as given (day, count) order by day
    on conflict (portal_id, day) do update
   set count = excluded.count, said_by = excluded.said_by, said_at = excluded.said_at
"""
_LOCK = "select portal_id, day, missing_told from capture_owncount where day >= %s order by portal_id, day for update"
_TOLD = """
update capture_owncount o set missing_told = g.missing
  from unnest(%s::bigint[], %s::date[], %s::bigint[]) as g (portal_id, day, missing)
 where o.portal_id = g.portal_id and o.day = g.day
"""


@transaction.atomic
def say_counts(*, portal_id: int, counted: Mapping[date, int], actor: Actor, now: datetime) -> None:
    """Take how many inquiries the other side sent on these days of the company's zone; what was said before goes.

    Days that are over are compared at once. Invalid and NotFound name what is wrong.
    """
    _check(counted, _today(now))
    if not Portal.objects.filter(id=portal_id).exists():
        raise NotFound("there is no such portal", field="portal", mend="Choose one from the list of portals")
    days = sorted(counted)
    run(_SAY, [portal_id, actor, now, [day.isoformat() for day in days], [counted[day] for day in days]])
    compare_counts(actor=actor, now=now)


@transaction.atomic
def compare_counts(*, actor: Actor, now: datetime) -> int:
    """Compare the days that are over, of the last month; record each gap that is new or changed. Returns how many.

    At most five statements, however many portals and days there are.
    """
    today = _today(now)
    first = today - timedelta(days=WATCHED)
    told = {(portal_id, day): missing for portal_id, day, missing in fetch(_LOCK, [first])}
    rows = counts(first=first, last=today - timedelta(days=1)) if told else []
    changed = [row for row in rows if row.missing != told.get((row.portal_id, row.day), 0)]
    if not changed:
        return 0
    run(_TOLD, columns((row.portal_id, row.day.isoformat(), row.missing) for row in changed))
    gaps = [row for row in changed if row.missing]
    record([_fact(row, now) for row in gaps], actor=actor)
    return len(gaps)


def forget_refusals(*, before: datetime) -> int:
    """Drop what the door counted before this moment; returns how many rows that was. One statement."""
    return run("delete from capture_doorcount where at < %s", [before])


def _check(counted: Mapping[date, int], today: date) -> None:
    if not counted or len(counted) > MOST_DAYS:
        raise Invalid("there are no days, or too many", field="counts", mend=f"Give one to {MOST_DAYS} days")
    for day, count in counted.items():
        if day > today or day < today - timedelta(days=MOST_DAYS):
            raise Invalid(f"{day} can't be counted", field="day", mend="Give days of the last year, up to today")
        if not 0 <= count <= MOST_A_DAY:
            raise Invalid(f"{count} can't be the count of {day}", field="count", mend="Give a number from 0")


def _today(now: datetime) -> date:
    return now.astimezone(clock.time_zone(platform.company().zone)).date()


def _fact(row: CountRow, now: datetime) -> PortalCountsDiffer:
    return PortalCountsDiffer(
        happened_at=now,
        portal_id=row.portal_id,
        day=row.day.isoformat(),
        said=row.said,
        came=row.came,
        missing=row.missing,
    )
