"""Named reads of the outbox and the contact policy."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Q

from leadloop.outreach.contracts import Answered, Limits, MessageRow, Outcome, Purpose, SendingState, State
from leadloop.outreach.models import ContactPolicy, Message, Pause
from leadloop.platform import queries as platform
from leadloop.platform.contracts import Company

OUR_ID = re.compile(r"<m(\d{1,18})\.[0-9a-f]{20}@[^\s<>]+>")  # the Message-IDs that leasing gives
NO_SERVER = "No mail server is set: messages wait in the outbox until LEADLOOP_EMAIL_URL names one"
_ROW = (
    "id",
    "occasion",
    "channel",
    "purpose",
    "person_id",
    "user_id",
    "lead_id",
    "to_address",
    "subject",
    "template_key",
    "state",
    "detail",
    "not_before",
    "queued_at",
    "sent_at",
    "came_back",
)
_STATE = """
select count(*) filter (where state = 'queued'),
       count(*) filter (where state = 'queued' and not_before <= %(now)s),
       min(not_before) filter (where state = 'queued' and not_before <= %(now)s),
       count(*) filter (where state = 'sending')
  from outreach_message where state in ('queued', 'sending')
"""
_COUNTS = """
select state, count(*) from outreach_message where occasion = %(prefix)s or occasion like %(pattern)s group by state
"""
_OUTCOMES = """
select state, split_part(detail, ':', 1), count(*), count(unsubscribed_at), min(not_before), max(sent_at)
  from outreach_message where occasion = %s group by 1, 2 order by 1, 2
"""
_TROUBLE = """
select count(*) filter (where state = 'unknown'), count(*) filter (where state = 'failed' and first_tried_at > %s)
  from outreach_message where state in ('unknown', 'failed')
"""


def users_told(occasions: Collection[str]) -> set[int]:
    """The users to whom a message was written on any of these occasions. At most one query."""
    if not occasions:
        return set()
    found = Message.objects.filter(occasion__in=list(occasions), user__isnull=False)
    return set(found.values_list("user_id", flat=True))


def limits() -> Limits:
    """The contact policy in force; the standard one while none has been saved. One query."""
    row = ContactPolicy.objects.values_list("per_day", "per_week", "quiet_from", "quiet_until").first()
    return Limits(*row) if row else Limits()


def pauses(now: datetime) -> dict[str, datetime]:
    """Domains that marketing waits for, with the end of the wait; "" stands for all of it. One query."""
    return dict(Pause.objects.filter(until__gt=now).values_list("domain", "until"))


def messages(*, person_ids: Collection[int] = (), lead_ids: Collection[int] = (), limit: int = 50) -> list[MessageRow]:
    """What was or will be said to these persons, or about these leads; the newest first. One query."""
    found = Message.objects.order_by("-id")
    if person_ids:
        found = found.filter(person_id__in=list(person_ids))
    if lead_ids:
        found = found.filter(lead_id__in=list(lead_ids))
    return [_row(row) for row in found.values_list(*_ROW)[:limit]]


def counts(prefix: str) -> dict[State, int]:
    """How many messages of an occasion, and of those that begin with it and a colon, are in which state. One query.

    All states are there and add up to everything that was ever queued for it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"prefix": prefix, "pattern": f"{literal(prefix)}:%"})
        found = dict(cursor.fetchall())
    return {one: found.get(one, 0) for one in State}


def outcomes(occasion: str) -> list[Outcome]:
    """What became of the messages of one occasion, by state and reason. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_OUTCOMES, [occasion])
        return [Outcome(State(row[0]), *row[1:]) for row in cursor.fetchall()]


def of_occasion(
    occasion: str,
    *,
    states: Collection[str] = (),
    detail: str | None = None,
    unsubscribed: bool = False,
    after: int = 0,
    limit: int = 50,
) -> list[MessageRow]:
    """Messages of one occasion in the order they were written, behind the id `after`; at most `limit`. One query.

    `detail` is the code of the reason; `unsubscribed` narrows to those whose link was used.
    """
    found = Message.objects.filter(occasion=occasion, id__gt=after).order_by("id")
    if states:
        found = found.filter(state__in=list(states))
    if detail is not None:
        found = found.filter(Q(detail=detail) | Q(detail__startswith=f"{detail}:"))
    if unsubscribed:
        found = found.filter(unsubscribed_at__isnull=False)
    return [_row(row) for row in found.values_list(*_ROW)[:limit]]


def literal(text: str) -> str:
    """Text as LIKE takes it to the letter."""
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def message(message_id: int) -> MessageRow | None:
    """One message, None when there is none. One query."""
    row = Message.objects.filter(id=message_id).values_list(*_ROW).first()
    return _row(row) if row else None


def answered(message_ids: Collection[str]) -> dict[str, Answered]:
    """The messages of ours that have these Message-IDs; others are left out. At most one query."""
    ids = {int(found[1]) for one in message_ids if (found := OUR_ID.fullmatch(one))}
    if not ids:
        return {}
    rows = Message.objects.filter(id__in=sorted(ids), message_id__in=list(message_ids), user__isnull=True)
    return {row[0]: Answered(*row[1:]) for row in rows.values_list("message_id", "id", "person_id", "lead_id")}


def why_held(company: Company) -> str:
    """Why nothing goes out, in words; "" when nothing holds it."""
    if company.sending_held_since is None:
        return ""
    return company.sending_held_why or "Sending is on hold"


def sending(now: datetime) -> SendingState:
    """How sending stands. Four queries over what is not yet settled."""
    with connection.cursor() as cursor:
        cursor.execute(_STATE, {"now": now})
        queued, due, oldest, under_way = cursor.fetchone()
        cursor.execute(_TROUBLE, [now - timedelta(days=1)])
        unknown, failed = cursor.fetchone()
    no_server = "" if settings.CONFIG.mail() else NO_SERVER
    return SendingState(
        queued,
        due,
        oldest,
        under_way,
        unknown,
        failed,
        why_held(platform.company_now()) or no_server,
        tuple(sorted(pauses(now))),
    )


def _row(row: tuple[Any, ...]) -> MessageRow:
    values = dict(zip(_ROW, row, strict=True))
    return MessageRow(**{**values, "purpose": Purpose(values["purpose"]), "state": State(values["state"])})
