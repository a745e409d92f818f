"""What a notice is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from leadloop.kernel.values import dataclass


class NoticeKind(StrEnum):
    """What somebody is told of."""

    LEAD = "lead"  # a lead was handed over to them
    LEADS = "leads"  # many leads were handed over to them at once
    LATE = "late"  # a promise of theirs ran out
    BACK = "back"  # a lead was pulled back from them
    MAILING = "mailing"  # a mailing they made or confirmed was stopped
    APPEAL = "appeal"  # an appeal waits for their decision, or one of theirs was decided
    IMPORT = "import"  # rows of an import of theirs are in quarantine
    PORTAL = "portal"  # fewer inquiries came through a portal of theirs than its sender counted
    REPLY = "reply"  # somebody answered by e-mail on a lead of theirs


class Topic(StrEnum):
    """What people choose a way for."""

    LEAD = "lead"  # leads handed over to them
    LATE = "late"
    BACK = "back"
    WATCH = "watch"  # what others owe and did not keep, in the stages they answer for
    APPEAL = "appeal"
    MAILING = "mailing"
    IMPORT = "import"
    PORTAL = "portal"
    REPLY = "reply"


class Way(StrEnum):
    """How somebody is told of a topic. The page shows it in each case."""

    PAGE = "page"  # and no letter says so
    MAIL = "mail"  # a letter at once
    DAILY = "daily"  # gathered, each working morning
    WEEKLY = "weekly"  # gathered, on Monday morning


@dataclass(frozen=True, slots=True)
class Choice:
    """How somebody wants to be told: what they chose, or what is usual for their roles, of every topic.

    `any_hour`: letters don't wait for their working time.
    """

    ways: Mapping[Topic, Way]
    any_hour: bool


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One notice. `waits` until it is read or, of leads, promises and open appeals, until it is settled otherwise."""

    id: int
    kind: NoticeKind
    lead_id: int | None
    subject_id: int | None
    detail: str
    at: datetime
    read_at: datetime | None
    waits: bool
