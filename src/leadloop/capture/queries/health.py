"""How portals fare, and how they are set up to take webhooks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from leadloop.capture.doors import CountRow, HealthRow, HookRow, HookScheme
from leadloop.capture.models import PortalHook
from leadloop.kernel import clock
from leadloop.ledger.sql import fetch
from leadloop.platform import queries as platform

_CAME = """
select max(received_at), count(*) filter (where received_at >= %s)
  from capture_submission
 where portal_id = %s and received_at >= least(%s, (
       select received_at from capture_submission where portal_id = %s order by received_at desc limit 1))
"""
_TURNED_AWAY = """
select reason, sum(count)::bigint from capture_doorcount where portal_id = %s and at >= %s group by 1 order by 2 desc, 1
"""
_HELD = """
select reason_code, count(*) from capture_submission
 where portal_id = %s and state = 'quarantined' group by 1 order by 2 desc, 1
"""
_NOT_FETCHED = """
select f.trouble, count(*) from capture_fetch f join capture_submission s on s.id = f.id
 where s.portal_id = %s and s.state = 'received' and f.done_at is null and f.trouble <> '' group by 1 order by 2 desc, 1
"""
_COUNTS = """
select o.portal_id, o.day, o.count,
       (select count(*) from capture_submission s
         where s.portal_id = o.portal_id and s.received_at >= o.day::timestamp at time zone %s
           and s.received_at < (o.day + 1)::timestamp at time zone %s),
       o.said_by, o.said_at
  from capture_owncount o
 where o.day >= %s and o.day <= %s and (%s::bigint is null or o.portal_id = %s::bigint)
 order by o.day desc, o.portal_id
"""
WATCHED = 31  # days within which a gap is alarmed


def health(portal_id: int, *, now: datetime) -> HealthRow:
    """How one portal fares. Five queries."""
    midnight = _midnight(now)
    ((last_at, today),) = fetch(_CAME, [midnight, portal_id, midnight, portal_id])
    return HealthRow(
        last_at=last_at,
        today=today,
        turned_away=dict(fetch(_TURNED_AWAY, [portal_id, midnight])),
        held=dict(fetch(_HELD, [portal_id])),
        not_fetched=dict(fetch(_NOT_FETCHED, [portal_id])),
    )


def hook(portal_id: int) -> HookRow:
    """How a portal takes webhooks: its scheme, and the names of its secrets. One query."""
    row = PortalHook.objects.filter(portal_id=portal_id).values_list("scheme", "held").first()
    return HookRow(HookScheme(**row[0]), frozenset(row[1])) if row else HookRow(HookScheme(), frozenset())


def counts(*, first: date, last: date, portal_id: int | None = None) -> list[CountRow]:
    """What other sides counted, and what came, newest day first, both days included. Two queries."""
    zone = platform.company().zone
    return [CountRow(*row) for row in fetch(_COUNTS, [zone, zone, first, last, portal_id, portal_id])]


def gaps(*, now: datetime) -> list[CountRow]:
    """The days that are over, of the last month, on which fewer came than were sent. Two queries."""
    today = _midnight(now).date()
    watched: Sequence[Any] = counts(first=today - timedelta(days=WATCHED), last=today - timedelta(days=1))
    return [row for row in watched if row.missing]


def _midnight(now: datetime) -> datetime:
    """When the day began in the company's zone."""
    local = now.astimezone(clock.time_zone(platform.company().zone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0)
