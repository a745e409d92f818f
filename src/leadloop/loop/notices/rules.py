"""Which way somebody is told of something unless they chose otherwise, and when a letter goes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from leadloop.kernel.clock import WorkCalendar, next_open
from leadloop.loop.notices.contracts import NoticeKind, Topic, Way
from leadloop.platform.roles import Role

TOPIC_OF = {
    NoticeKind.LEAD: Topic.LEAD,
    NoticeKind.LEADS: Topic.LEAD,
    NoticeKind.LATE: Topic.LATE,
    NoticeKind.BACK: Topic.BACK,
    NoticeKind.APPEAL: Topic.APPEAL,
    NoticeKind.MAILING: Topic.MAILING,
    NoticeKind.IMPORT: Topic.IMPORT,
    NoticeKind.PORTAL: Topic.PORTAL,
    NoticeKind.REPLY: Topic.REPLY,
}
ABOUT_TO_BREAK = timedelta(hours=1)

_USUAL = {Topic.LEAD: Way.MAIL, Topic.WATCH: Way.MAIL, Topic.PORTAL: Way.MAIL, Topic.REPLY: Way.MAIL}
_OUTSIDE = frozenset({Role.PARTNER, Role.AGENCY})  # they don't have the page open all day
_BY_ROLE = (
    (Topic.LATE, _OUTSIDE, Way.DAILY),
    (Topic.BACK, _OUTSIDE, Way.DAILY),
    (Topic.WATCH, frozenset({Role.PRESIDENT, Role.CFO}), Way.DAILY),
    (Topic.APPEAL, frozenset({Role.HEAD_OF_LEAD_MANAGEMENT, Role.HEAD_OF_SALES, Role.SALES_OPERATIONS}), Way.DAILY),
    (Topic.MAILING, frozenset({Role.MARKETER, Role.HEAD_OF_MARKETING}), Way.MAIL),
)


def usual_way(topic: Topic, roles: Collection[str]) -> Way:
    """How somebody of these roles is told as long as they say nothing else; what is on the page stands there anyway."""
    found = (way for of, among, way in _BY_ROLE if of is topic and among.intersection(roles))
    return next(found, _USUAL.get(topic, Way.PAGE))


def leaves_at(ready: datetime, *, due_at: datetime | None = None, hours: WorkCalendar | None) -> datetime:
    """When a letter that is ready goes to somebody of these working hours; None for whom any hour is right.

    Within working time at once, else as it begins. What tells of a promise that would break by then, or within the
    hour after it, goes at once whatever the hour; what is broken already can wait.
    """
    if hours is None or not any(hours.week):
        return ready
    opens = next_open(ready, hours)
    return ready if due_at is not None and ready <= due_at < opens + ABOUT_TO_BREAK else opens
