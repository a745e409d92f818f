"""The places of a pool, locked for the moment of choosing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection

from leadloop.distribution.contracts import PoolRow, Seat
from leadloop.kernel.clock import is_open
from leadloop.leads.queries import open_count_by_owner
from leadloop.ledger.sql import fetch
from leadloop.platform.queries import absent, calendars, company_calendar, users

_MEMBERS = """
select id, pool_id, user_id, weight, taken, daily_cap, today, taken_today, open_cap, is_paused
  from distribution_member where pool_id = any(%s::bigint[]) order by id for update
"""

_OF_USERS = """
select id, pool_id, user_id, weight, taken, daily_cap, today, taken_today, open_cap, is_paused
  from distribution_member where user_id = any(%s::bigint[]) order by id
"""


class _Member(NamedTuple):
    id: int
    pool_id: int
    user_id: int
    weight: int
    taken: int
    daily_cap: int | None
    today: date | None
    taken_today: int
    open_cap: int | None
    is_paused: bool


class Table(NamedTuple):
    """A pool with its places at this moment."""

    pool: PoolRow
    seats: list[Seat]


def of_users(user_ids: Collection[int], now: datetime) -> dict[int, list[Seat]]:
    """The places of these people in whatever pools, as they stand, unlocked; empty for who has none. Two queries."""
    if not user_ids:
        return {}
    members = [_Member(*row) for row in fetch(_OF_USERS, [list(user_ids)])]
    owned, today = _owned(members), company_day(now)
    found: dict[int, list[Seat]] = {}
    for m in members:
        seat = _seat(m, today, owned, is_active=True, is_absent=False, is_working=True)
        found.setdefault(m.user_id, []).append(seat)
    return found


def lock(pools: Iterable[PoolRow], now: datetime) -> dict[str, Table]:
    """Lock the places of these pools, in the order of their ids, and read how each person stands."""
    tables = {pool.id: Table(pool, []) for pool in pools}
    members = [_Member(*row) for row in fetch(_MEMBERS, [list(tables)])]
    user_ids = {member.user_id for member in members}
    known, away = users(user_ids), absent(user_ids, now)
    hours, owned, today = calendars(user_ids), _owned(members), company_day(now)
    for m in members:
        seat = _seat(
            m,
            today,
            owned,
            is_active=known[m.user_id].is_active,
            is_absent=m.user_id in away,
            is_working=is_open(now, hours[m.user_id]),
        )
        tables[m.pool_id].seats.append(seat)
    return {table.pool.key: table for table in tables.values()}


def _seat(
    m: _Member, today: date, owned: Mapping[int, int], *, is_active: bool, is_absent: bool, is_working: bool
) -> Seat:
    return Seat(
        member_id=m.id,
        user_id=m.user_id,
        weight=m.weight,
        taken=m.taken,
        daily_cap=m.daily_cap,
        taken_today=m.taken_today if m.today == today else 0,
        open_cap=m.open_cap,
        open_now=owned.get(m.user_id, 0),
        is_paused=m.is_paused,
        is_active=is_active,
        is_absent=is_absent,
        is_working=is_working,
    )


def _owned(members: Collection[_Member]) -> dict[int, int]:
    """Open leads per user, read only where a cap asks for it: the count costs more than all the rest."""
    capped = {member.user_id for member in members if member.open_cap is not None}
    return open_count_by_owner(capped) if capped else {}


def company_day(now: datetime) -> date:
    """Today where the company is; caps are counted by it."""
    return now.astimezone(ZoneInfo(company_calendar().zone)).date()


def spend(turns: Mapping[tuple[int, int], int], now: datetime) -> None:
    """Count turns by (pool, user), in one statement; a negative number gives turns back. A new day starts at 0."""
    if not turns:
        return
    keys = sorted(turns)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            update distribution_member m
               set taken = greatest(0, m.taken + t.turns), today = %(today)s,
                   taken_today = greatest(0, case when m.today = %(today)s then m.taken_today else 0 end + t.turns)
              from unnest(%(pools)s::bigint[], %(users)s::bigint[], %(turns)s::int[]) as t (pool_id, user_id, turns)
             where m.pool_id = t.pool_id and m.user_id = t.user_id
            """,
            {
                "today": company_day(now),
                "pools": [pool_id for pool_id, _ in keys],
                "users": [user_id for _, user_id in keys],
                "turns": [turns[key] for key in keys],
            },
        )
