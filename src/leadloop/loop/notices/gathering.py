"""The letters of the day and of the week: what still waits for somebody, counted, for those who want it gathered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from leadloop.agreement.queries import in_force
from leadloop.kernel.clock import WorkCalendar, next_open
from leadloop.ledger.contracts import by_system
from leadloop.ledger.sql import fetch, run
from leadloop.loop.letters import GRAVE
from leadloop.loop.notices.choosing import Post, post_of
from leadloop.loop.notices.contracts import Topic, Way
from leadloop.loop.notices.posting import letter
from leadloop.loop.notices.reading import to_gather
from leadloop.loop.notices.rules import TOPIC_OF
from leadloop.loop.notices.wording import counted
from leadloop.outreach import services as outreach
from leadloop.outreach.contracts import Draft
from leadloop.outreach.queries import users_told
from leadloop.platform.contracts import UserRow
from leadloop.platform.queries import installed, users

MAIL = by_system("mail")
FROM_HOUR, UNTIL_HOUR = 7, 12
CALLED = {Way.DAILY: "Today", Way.WEEKLY: "This week"}

_LATE = """
select l.stage, l.owner_id, count(distinct l.lead_id)
  from leads_facet_promise p join leads_facet_lead l on l.lead_id = p.lead_id
 where p.state = 'running' and p.is_broken and p.kind = any(%s::text[]) and l.is_open and l.stage = any(%s::text[])
 group by 1, 2
"""


def write_due(now: datetime) -> int:
    """Put the letters that are due into the outbox and return how many. A constant number of queries."""
    if not installed():
        return 0
    everybody = users(active=True)
    post = post_of(list(everybody))
    due = {
        (user_id, way): f"gathered:{way}:{_day(row, now):%Y-%m-%d}"
        for user_id, row in everybody.items()
        for way in CALLED
        if way in post[user_id].choice.ways.values() and _is_time(row, way, post[user_id], now)
    }
    if not due:
        return 0
    with transaction.atomic():
        told = _told(due)
        return _write({key: occasion for key, occasion in due.items() if (key[0], occasion) not in told}, post, now)


def _told(due: Mapping[tuple[int, Way], str]) -> set[tuple[int, str]]:
    """Who has got their letter of this occasion. One query for each occasion of the moment, of which there are few."""
    return {(user_id, occasion) for occasion in set(due.values()) for user_id in users_told({occasion})}


def _write(due: Mapping[tuple[int, Way], str], post: Mapping[int, Post], now: datetime) -> int:
    way_of = {
        (user_id, kind): way
        for user_id, way in due
        for kind, topic in TOPIC_OF.items()
        if post[user_id].choice.ways[topic] is way
    }
    lines: dict[tuple[int, Way], list[str]] = {}
    gathered: list[int] = []
    for user_id, kind, count, ids in to_gather(list(way_of)):
        lines.setdefault((user_id, way_of[user_id, kind]), []).append(counted(kind, count))
        gathered += ids
    watching = [key for key in due if post[key[0]].choice.ways[Topic.WATCH] is key[1]]
    for key, count in _late(watching).items():
        lines.setdefault(key, []).append(_watched(count))
    run("update loop_notice set gathered_at = %s where id = any(%s::bigint[])", [now, sorted(gathered)])
    drafts = [_letter(key, due[key], said, now) for key, said in lines.items()]
    return sum(one is not None for one in outreach.queue(drafts, actor=MAIL, now=now))


def _late(watching: Sequence[tuple[int, Way]]) -> dict[tuple[int, Way], int]:
    """How many leads of others are late in the stages that each of them answers for, those with none left out."""
    if not watching:
        return {}
    terms = in_force()
    kept = {str(stage): clause.keeper_id for stage, clause in terms.clauses.stages.items()}
    found: dict[int, int] = {}
    for stage, owner_id, count in fetch(_LATE, [list(GRAVE), list(kept)]):
        if kept[stage] != owner_id:
            found[kept[stage]] = found.get(kept[stage], 0) + count
    return {key: found[key[0]] for key in watching if key[0] in found}


def _watched(count: int) -> str:
    if count == 1:
        return "1 lead is late in the stages you answer for"
    return f"{count:,} leads are late in the stages you answer for"


def _letter(key: tuple[int, Way], occasion: str, lines: Sequence[str], now: datetime) -> Draft:
    user_id, way = key
    said = "\n".join(f"- {line}" for line in lines)
    subject = f"{CALLED[way]}: {lines[0]}" if len(lines) == 1 else f"{CALLED[way]}: what waits for you"
    return letter(user_id, occasion, subject, f"{said}\n\n{settings.PUBLIC_URL}/notifications\n", now)


def _is_time(row: UserRow, way: Way, post: Post, now: datetime) -> bool:
    """Whether it is a working morning where this user is, and Monday for the letter of the week."""
    local = now.astimezone(ZoneInfo(row.zone))
    if not FROM_HOUR <= local.hour < UNTIL_HOUR:
        return False
    return local.weekday() == 0 if way is Way.WEEKLY else _works(local, post.hours)


def _works(local: datetime, hours: WorkCalendar | None) -> bool:
    """Whether this local day has working hours."""
    if hours is None or not any(hours.week):
        return local.weekday() < 5
    begins = datetime.combine(local.date(), time(0), local.tzinfo)
    return next_open(begins, hours).astimezone(local.tzinfo).date() == local.date()


def _day(row: UserRow, now: datetime) -> date:
    return now.astimezone(ZoneInfo(row.zone)).date()
