"""Who gets the letter and when: on Monday morning where they are, once, unless they switched it off."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from leadloop.agreement.queries import in_force
from leadloop.ledger.contracts import by_system
from leadloop.ledger.sql import run
from leadloop.loop.digest.figures import week_of
from leadloop.loop.digest.letter import letter, occasion
from leadloop.loop.models import NoDigest
from leadloop.outreach import services as outreach
from leadloop.outreach.queries import users_told
from leadloop.platform.contracts import UserRow
from leadloop.platform.queries import company, installed, users, viewer
from leadloop.platform.roles import Role

READERS = {
    Role.SALES_MANAGER, Role.HEAD_OF_SALES, Role.HEAD_OF_MARKETING, Role.HEAD_OF_LEAD_MANAGEMENT, Role.PRESIDENT,
}  # fmt: skip
FROM_HOUR, UNTIL_HOUR = 7, 12
DIGEST = by_system("digest")


def write_due(now: datetime) -> int:
    """Put the letters that are due into the outbox and return how many; at other times this takes three queries.

    Each letter takes a constant number of queries; a company has a handful of readers.
    """
    if not installed():
        return 0
    off = set(NoDigest.objects.values_list("user_id", flat=True))
    due = [row for row in users(active=True).values() if row.id not in off and reads(row.roles) and is_time(row, now)]
    told = users_told({occasion(_monday(row, now)) for row in due})
    drafts = []
    for row in due:
        if row.id not in told:
            reader, us = viewer(row.id), company()
            week = week_of(reader, _monday(row, now), us=us, terms=in_force(), now=now)
            drafts.append(letter(reader, week, us=us.name))
    return sum(one is not None for one in outreach.queue(drafts, actor=DIGEST, now=now))


def reads(roles: tuple[str, ...] | frozenset[str]) -> bool:
    """Whether somebody of these roles gets the letter."""
    return bool(READERS & set(roles))


def is_time(row: UserRow, now: datetime) -> bool:
    """Whether it is Monday morning where this user is."""
    local = now.astimezone(ZoneInfo(row.zone))
    return local.weekday() == 0 and FROM_HOUR <= local.hour < UNTIL_HOUR


def _monday(row: UserRow, now: datetime) -> date:
    """The day where this user is, which is a Monday when the letter is due."""
    return now.astimezone(ZoneInfo(row.zone)).date()


def wants(user_id: int) -> bool:
    """Whether this user has not switched the letter off. One query."""
    return not NoDigest.objects.filter(user_id=user_id).exists()


def choose(user_id: int, *, wanted: bool, now: datetime) -> None:
    """Switch the letter on or off. One query."""
    if wanted:
        NoDigest.objects.filter(user_id=user_id).delete()
    else:
        run(
            "insert into loop_nodigest (user_id, since) values (%s, %s) on conflict (user_id) do nothing",
            [user_id, now],
        )
