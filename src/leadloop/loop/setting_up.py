"""The first run of a company: who sets it up, how it is called, its hours, its people and its agreement.

Each part is one transaction over several rooms, and may be done again: what it says then counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from leadloop.agreement import services as agreement
from leadloop.agreement.contracts import Leadership
from leadloop.agreement.standard import Keepers, clauses
from leadloop.distribution import queries as pools
from leadloop.distribution import services as distribution
from leadloop.kernel.values import dataclass
from leadloop.ledger.contracts import Actor
from leadloop.loop.install.contracts import WORKING_WEEK
from leadloop.loop.install.flow import POOL
from leadloop.platform import queries as platform
from leadloop.platform import services
from leadloop.platform.contracts import CalendarRow
from leadloop.platform.passwords import generate
from leadloop.platform.roles import Role

Week = Sequence[Sequence[Sequence[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyIn:
    """The company as the wizard asks for it."""

    name: str
    currency: str
    zone: str
    country: str
    fiscal_year_start: int


def save_company(given: CompanyIn, *, user_id: int, actor: Actor, now: datetime) -> None:
    """Say how the company is called and where it is; its calendar and the user who says so go by the same clock.

    Raises Invalid naming the field, Refused for another currency once something is counted in the one there is.
    """
    with transaction.atomic():
        changes = {
            "company_name": given.name,
            "currency": given.currency,
            "zone": given.zone,
            "country": given.country,
            "fiscal_year_start": given.fiscal_year_start,
        }
        before, calendar = platform.company_now(), company_calendar()
        services.save_settings(changes=changes, actor=actor, now=now)
        if (before.zone, before.country) != (given.zone, given.country):
            same = calendar.country == given.country
            _save_calendar(
                calendar, calendar.week, zone=given.zone, country=given.country,
                subdivision=calendar.subdivision if same else "", extra=calendar.extra_holidays, actor=actor, now=now,
            )  # fmt: skip
            services.change_user(user_id=user_id, changes={"zone": given.zone}, actor=actor, now=now)


def save_hours(week: Week, *, subdivision: str, extra: Sequence[date], actor: Actor, now: datetime) -> None:
    """Set the company's opening hours and the holidays of its part of the country. Raises Invalid naming the field."""
    us, calendar = platform.company_now(), company_calendar()
    _save_calendar(
        calendar, week, zone=us.zone, country=us.country, subdivision=subdivision, extra=extra, actor=actor, now=now
    )


def add_colleague(*, name: str, email: str, roles: Sequence[str], actor: Actor, now: datetime) -> tuple[int, str]:
    """Add somebody with a password that is told once; a salesperson takes turns at new leads. Returns id and password.

    Whoever stood in for salespeople while there were none, pauses then. Raises Invalid naming the field, and Conflict
    for an address that is taken.
    """
    plain, us = generate(), platform.company_now()
    with transaction.atomic():
        user_id = services.add_user(
            name=name, email=email, roles=roles, zone=us.zone, password=plain, actor=actor, now=now
        )
        if Role.SALESPERSON in roles:
            _take_turns(user_id, now)
    return user_id, plain


def draft_agreement(keepers: Mapping[str, int], leadership: Leadership, *, actor: Actor, now: datetime) -> int:
    """Write the standard agreement with these keepers as a draft to be signed; returns its id. Raises Invalid."""
    text = clauses(Keepers(**keepers), leadership=leadership)
    return agreement.propose(clauses=text, note="The first agreement", actor=actor, now=now)


def company_calendar() -> CalendarRow:
    """The company's working calendar as it is edited."""
    return platform.calendar_rows()[platform.company_now().calendar_id]


def plain_week(days: Sequence[int], opens: str, closes: str) -> Week:
    """The same hours on each of these days, 0 being Monday."""
    return [[(opens, closes)] if day in days else [] for day in range(len(WORKING_WEEK))]


def _save_calendar(
    calendar: CalendarRow, week: Week, *, zone: str, country: str, subdivision: str, extra: Sequence[date],
    actor: Actor, now: datetime,
) -> None:  # fmt: skip
    services.save_calendar(
        key=calendar.key, name=calendar.name, zone=zone, week=week, country=country, subdivision=subdivision,
        extra_holidays=extra, actor=actor, now=now,
    )  # fmt: skip


def _take_turns(user_id: int, now: datetime) -> None:
    pool = next((row for row in pools.pools().values() if row.key == POOL), None)
    if pool is None:
        return
    distribution.save_member(pool_id=pool.id, user_id=user_id, now=now)
    seats = {seat.user_id: seat for seat in pools.members(pool.id)}
    for one in platform.users(seats.keys()).values():
        if Role.SALESPERSON not in one.roles and not seats[one.id].is_paused:
            distribution.save_member(
                pool_id=pool.id, user_id=one.id, weight=seats[one.id].weight, is_paused=True, now=now
            )
