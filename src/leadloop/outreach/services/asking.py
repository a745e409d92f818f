"""Asking beforehand whether somebody may be contacted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from leadloop.kernel.clock import time_zone
from leadloop.kernel.decision import Decision
from leadloop.kernel.values import dataclass
from leadloop.outreach.contracts import Calling, Channel, Purpose, Verdict
from leadloop.outreach.queries import limits
from leadloop.outreach.rules.contact import Standing
from leadloop.outreach.rules.contact import may_call as decide_call
from leadloop.outreach.rules.contact import may_contact as decide
from leadloop.outreach.standing import load
from leadloop.outreach.zones import candidates
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


def may_call(person_ids: Collection[int], *, now: datetime) -> dict[int, Calling]:
    """Whether each of these persons may be telephoned now, by the id asked for. Four queries beside the settings."""
    us, policy = platform.company(), limits()
    found = {}
    for person_id, reach in people.reachable(person_ids, Channel.CALL, Purpose.TRANSACTIONAL).items():
        zones = candidates(reach.zone, reach.country, us.zone, us.country)
        standing = Standing(reach.address, reach.consent, reach.suppressed, zones)
        decided = decide_call(standing, policy, now)
        known = len({now.astimezone(time_zone(zone)).utcoffset() for zone in zones}) == 1
        found[person_id] = Calling(
            number=reach.address or "",
            may=decided.outcome.may,
            later_at=decided.outcome.later_at,
            zone=zones[0] if known else us.zone,
            zone_known=known,
            code=" ".join(reason.code for reason in decided.reasons),
            reason="; ".join(reason.text for reason in decided.reasons),
        )
    return found
