"""Going on with journeys: whatever is due takes its next step, in one transaction for the whole batch.

A kill at any moment leaves every lead where it was or where it is now, never between: the step, what it sends, what
it promises and the facts commit together, and a message that was queued once is never queued again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from leadloop.agreement.contracts import Terms
from leadloop.kernel.errors import Invalid
from leadloop.leads import services as leads
from leadloop.leads.contracts import CLOSED_STAGES, Ask, LeadRow, Move, PromiseKind, Proof, Stage
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.nurture.contracts import End, HandOver, Recycle, Walk
from leadloop.nurture.queries import graphs
from leadloop.nurture.rules import walk
from leadloop.nurture.services.enrolling import GRACE
from leadloop.nurture.services.enrolment_rows import Due, Standing, claim, write
from leadloop.nurture.services.letters import Texts, Wanted, draft, language_of, texts_for
from leadloop.nurture.services.telling import Progress, end_of, facts_of, left_fact
from leadloop.nurture.services.values import Surroundings, asked, surroundings
from leadloop.outreach import services as outreach

HALF_LIFE_DAYS = 30.0  # of the standard scoring rules
RETRY = timedelta(hours=6)


def advance(*, limit: int, terms: Terms, actor: Actor, now: datetime, half_life_days: float = HALF_LIFE_DAYS) -> int:
    """Take the next step with at most `limit` leads, the longest due first, and return how many were due.

    Several processes may do this at once: each takes what the others have not. `half_life_days` is that of the
    scoring rules in force. A lead that has left nurturing leaves its journey. One that can't go on, because a text
    or a condition is gone or nobody could take it over, stays where it is and is tried again in some hours; its
    promise breaks meanwhile, so that its keeper hears of it. A constant number of queries.
    """
    with transaction.atomic():
        due = claim(limit, now)
        if not due:
            return 0
        standing = leads.lock([one.lead_id for one in due])
        going = [one for one in due if standing[one.lead_id].stage is Stage.NURTURING]
        gone = [one for one in due if standing[one.lead_id].stage is not Stage.NURTURING]
        around = surroundings([standing[one.lead_id] for one in going], now=now)
        walks = _walks(going, standing, around, now, half_life_days)
        texts = texts_for(_wanted(walks), around)
        walks = _hand_over([_said(one, around, texts) for one in walks], terms, actor, now)
        outreach.queue([draft(one, around, texts) for one in _wanted(walks)], actor=actor, now=now)
        _promise(walks, terms, actor, now)
        write([*(_after(one, now) for one in walks), *(_gone(one, standing[one.lead_id], now) for one in gone)])
        left = [left_fact(one, standing[one.lead_id], one.node, _why(standing[one.lead_id]), now) for one in gone]
        record([*facts_of(walks, terms, now), *left], actor=actor)
    return len(due)


def _walks(
    going: Sequence[Due],
    standing: Mapping[int, LeadRow],
    around: Surroundings,
    now: datetime,
    half_life_days: float,
) -> list[Progress]:
    held = graphs({one.journey_id for one in going})
    found = []
    for one in going:
        lead = standing[one.lead_id]
        values = asked(lead, around, now, half_life_days)
        try:
            found.append(Progress(one, lead, walk(held[one.journey_id], one.node, values, now)))
        except Invalid:
            found.append(Progress(one, lead, Walk((), (), one.node, now, None), "condition"))
    return found


def _wanted(walks: Iterable[Progress]) -> list[Wanted]:
    going = (one for one in walks if not one.stuck)
    return [Wanted(one.due.id, sending, one.lead, one.due.name) for one in going for sending in one.walk.sends]


def _said(one: Progress, around: Surroundings, texts: Texts) -> Progress:
    language = language_of(one.lead, around)
    known = all((sending.template, language) in texts for sending in one.walk.sends)
    return one if known or one.stuck else one._replace(stuck="text")


def _hand_over(walks: Sequence[Progress], terms: Terms, actor: Actor, now: datetime) -> list[Progress]:
    """Move those that are ready for sales; where nobody could take one over, it is stuck."""
    ready = [one for one in walks if isinstance(one.walk.end, HandOver) and not one.stuck]
    moves = [Move(lead_id=one.lead.id, to=Stage.QUALIFIED) for one in ready]
    results = leads.move(moves, terms=terms, actor=actor, now=now, skip_refused=True)
    refused = {result.lead_id for result in results if not result.moved}
    return [one._replace(stuck="nobody") if one.lead.id in refused else one for one in walks]


def _promise(walks: Sequence[Progress], terms: Terms, actor: Actor, now: datetime) -> None:
    """Keep the step that was owed, and owe the next: another step, or that somebody looks at the lead again."""
    owing = [one for one in walks if not one.stuck and not isinstance(one.walk.end, HandOver)]
    proofs = [Proof(one.lead.id, PromiseKind.NURTURE, f"enrolment:{one.due.id}:{one.due.node}") for one in owing]
    leads.keep(proofs, then=[_ask(one, now) for one in owing], actor=actor, now=now, terms=terms)


def _ask(one: Progress, now: datetime) -> Ask:
    if isinstance(one.walk.end, Recycle):
        at = now + timedelta(days=one.walk.end.days)
        return Ask(one.lead.id, PromiseKind.WAKE, None, at, one.walk.end.reason)
    assert one.walk.due_at is not None, "a walk that has not ended waits for a moment"
    return Ask(one.lead.id, PromiseKind.NURTURE, None, one.walk.due_at + GRACE)


def _after(one: Progress, now: datetime) -> Standing:
    if one.stuck:
        return Standing(one.due.id, one.due.node, "waiting", now + RETRY, None, "", 0)
    steps = len(one.walk.steps)
    if one.walk.end is None:
        return Standing(one.due.id, one.walk.node, "waiting", one.walk.due_at, None, "", steps)
    return Standing(one.due.id, one.walk.node, "done", None, now, end_of(one.walk.end), steps)


def _gone(one: Due, lead: LeadRow, now: datetime) -> Standing:
    return Standing(one.id, one.node, "left", None, now, _why(lead), 0)


def _why(lead: LeadRow) -> str:
    return str(End.CLOSED if lead.stage in CLOSED_STAGES else End.SALES_TOOK_OVER)
