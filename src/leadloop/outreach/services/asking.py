"""Asking beforehand whether somebody may be contacted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from leadloop.kernel.decision import Decision
from leadloop.outreach.contracts import Channel, Purpose, Verdict
from leadloop.outreach.queries import limits
from leadloop.outreach.rules.contact import may_contact as decide
from leadloop.outreach.standing import load
from leadloop.people import queries as people
from leadloop.platform import queries as platform


@dataclass(frozen=True, slots=True)
class _Question:
    person_id: int
    channel: str
    purpose: Purpose
    user_id: None = None
    auto_answer: bool = False


def may_contact(asked: Sequence[tuple[int, str, str]], *, now: datetime) -> list[Decision[Verdict]]:
    """Decide for each (person, channel, purpose), in order, each as if it were the only one.

    Good for showing and for calls; what is sent is asked again, under a lock, in the moment it is sent. The number of
    queries depends on the kinds of purpose and channel only. Raises ValueError for an unknown channel or purpose.
    """
    questions = [_Question(person, Channel(channel), Purpose(purpose)) for person, channel, purpose in asked]
    survivors = {asked_id: row.id for asked_id, row in people.people({q.person_id for q in questions}).items()}
    known = load(questions, platform.company(), survivors, now)
    policy = limits()
    return [decide(known.standing(question), question.purpose, policy, now) for question in questions]
