"""Letters at once about what people are told, for those who want them. They name nobody, so nothing is to be erased.

New leads and what others did not keep have letters of their own (`loop.letters`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from django.conf import settings

from leadloop.agreement.contracts import Terms
from leadloop.loop.notices.choosing import Post
from leadloop.loop.notices.contracts import NoticeKind
from leadloop.loop.notices.rules import TOPIC_OF
from leadloop.loop.notices.wording import counted, more, title
from leadloop.outreach.contracts import Draft, Purpose

TEMPLATE = "notice"
TOLD_ONE_BY_ONE = 3  # of a kind at the same time; more are told in one letter
POSTED = (
    NoticeKind.LATE, NoticeKind.BACK, NoticeKind.APPEAL, NoticeKind.MAILING, NoticeKind.IMPORT, NoticeKind.PORTAL,
    NoticeKind.REPLY,
)  # fmt: skip
NAMED = {NoticeKind.MAILING: "a mailing", NoticeKind.PORTAL: "a portal"}  # what a letter calls by its name
Names = Mapping[tuple[NoticeKind, int], str]
WAY_OUT = "Choose what you get by e-mail"


class Told(Protocol):
    """A notice that was just written."""

    @property
    def user_id(self) -> int: ...
    @property
    def fact_id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def lead_id(self) -> int | None: ...
    @property
    def subject_id(self) -> int | None: ...
    @property
    def detail(self) -> str: ...


def letters(
    told: Sequence[Told], post: Mapping[int, Post], names: Names, *, terms: Terms, now: datetime
) -> list[Draft]:
    """The letters of notices that were just written; `names` are those of mailings and portals. No query."""
    wanted: dict[tuple[int, NoticeKind], list[Told]] = {}
    for one in told:
        kind = NoticeKind(one.kind)
        if kind in POSTED and one.user_id in post and post[one.user_id].at_once(TOPIC_OF[kind]):
            wanted.setdefault((one.user_id, kind), []).append(one)
    drafts = []
    for (user_id, kind), several in wanted.items():
        leaves = post[user_id].leaves(now)
        if len(several) > TOLD_ONE_BY_ONE:
            drafts.append(_together(user_id, kind, several, leaves))
        else:
            drafts += [_one(one, kind, names, terms, leaves) for one in several]
    return drafts


def _one(one: Told, kind: NoticeKind, names: Names, terms: Terms, leaves: datetime) -> Draft:
    name = names.get((kind, one.subject_id or 0), NAMED[kind]) if kind in NAMED else "a lead"
    subject = title(kind, one.detail, name=name, terms=terms)
    said = more(kind, one.detail)
    text = f"{subject}.\n{f'{said}.' if said else ''}\n\n{settings.PUBLIC_URL}{_path(one, kind)}\n"
    return letter(one.user_id, f"notice:{kind}:{one.fact_id}", subject, text, leaves)


def _together(user_id: int, kind: NoticeKind, several: Sequence[Told], leaves: datetime) -> Draft:
    said = counted(kind, len(several))
    first = min(one.fact_id for one in several)
    text = f"{said}.\n\n{settings.PUBLIC_URL}/notifications\n"
    return letter(user_id, f"notices:{kind}:{first}", said, text, leaves)


def letter(user_id: int, occasion: str, subject: str, text: str, leaves: datetime) -> Draft:
    """A letter to a user with the way to its settings below."""
    return Draft(
        occasion=occasion,
        purpose=Purpose.INTERNAL,
        user_id=user_id,
        subject=subject,
        text=f"{text}\n{WAY_OUT}: {settings.PUBLIC_URL}/me/notices\n",
        template_key=TEMPLATE,
        not_before=leaves,
    )


def _path(one: Told, kind: NoticeKind) -> str:
    if kind in (NoticeKind.LATE, NoticeKind.REPLY):
        return f"/leads/{one.lead_id}"
    if kind is NoticeKind.APPEAL:
        return f"/given-back#hand-over-{one.subject_id}"
    if kind is NoticeKind.MAILING:
        return f"/mailings/{one.subject_id}"
    if kind is NoticeKind.PORTAL:
        return f"/portals/{one.subject_id}"
    return f"/imports/{one.subject_id}" if kind is NoticeKind.IMPORT else "/notifications"
