"""Handing leads over and giving them back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from leadloop.agreement.contracts import Terms
from leadloop.agreement.queries import in_force
from leadloop.distribution import services as distribution
from leadloop.kernel.errors import Invalid
from leadloop.leads import services as leads
from leadloop.leads.contracts import Move, Stage
from leadloop.leads.queries import rows as lead_rows
from leadloop.ledger.contracts import Actor
from leadloop.loop.commands.desk import Done, counted, finished, step
from leadloop.platform.contracts import Viewer
from leadloop.platform.queries import names


def accept(viewer: Viewer, lead_ids: Collection[int], *, now: datetime) -> Done:
    """Sales takes the leads on."""
    with step(viewer, "accept", lead_ids, now=now) as one:
        distribution.accept(one.lead_ids, terms=in_force(), actor=one.actor, now=now)
        one.inverse = {"reoffer": list(one.lead_ids)}
        one.label = counted(one.lead_ids, "accepted")
    return finished(one)


def reject(viewer: Viewer, lead_ids: Collection[int], *, reason: str, now: datetime) -> Done:
    """Sales gives the leads back, with a coded reason."""
    terms = in_force()
    with step(viewer, "reject", lead_ids, now=now) as one:
        distribution.reject(one.lead_ids, reason=reason, terms=terms, actor=one.actor, now=now)
        one.inverse = {"reoffer": list(one.lead_ids)}
        one.label = f"{counted(one.lead_ids, 'given back')}: {_label(terms, reason)}"
    return finished(one)


def assign(viewer: Viewer, lead_ids: Collection[int], *, user_id: int, now: datetime, reason: str = "") -> Done:
    """Hand leads over to somebody by name: by the order of stages where they wait for sales, else a new owner."""
    terms = in_force()
    with step(viewer, "assign", lead_ids, now=now) as one:
        given = distribution.assign_by_hand(
            one.lead_ids,
            user_id=user_id,
            terms=terms,
            actor=one.actor,
            now=now,
            skip_reason=reason or "asked_for_sales",
        )
        rest = sorted(set(one.lead_ids) - {assigned.lead_id for assigned in given})
        distribution.withdraw(rest, now=now, reason="reassigned")
        leads.own([(lead_id, user_id) for lead_id in rest], actor=one.actor, now=now, version=terms.version)
        one.inverse = {"end_offers": [assigned.lead_id for assigned in given]}
        one.label = f"{counted(one.lead_ids, 'given')} to {names([user_id]).get(user_id, '')}"
    return finished(one)


def qualify(viewer: Viewer, lead_ids: Collection[int], *, now: datetime) -> Done:
    """The keeper judges the leads ready for sales; the rules hand them over a moment later."""
    with step(viewer, "qualify", lead_ids, now=now) as one:
        _move(one.lead_ids, Stage.QUALIFIED, "", in_force(), one.actor, now)
        one.label = counted(one.lead_ids, "qualified")
    return finished(one)


def recycle(
    viewer: Viewer, lead_ids: Collection[int], *, reason: str, now: datetime, wake_days: int | None = None
) -> Done:
    """Back to nurturing with a reason and a day on which it is looked at again."""
    terms = in_force()
    clause = terms.clauses.reasons.get(reason)
    if clause is None or "recycle" not in clause.uses:
        raise Invalid(
            f"{reason or 'An empty reason'} is not a reason for recycling", field="reason", mend=_known(terms)
        )
    days = wake_days or clause.wake_days or 90
    with step(viewer, "recycle", lead_ids, now=now) as one:
        distribution.withdraw(one.lead_ids, now=now, reason="recycled")
        moves = [
            Move(lead_id=lead_id, to=Stage.NURTURING, reason=reason, promise="wake", due_at=now + timedelta(days=days))
            for lead_id in one.lead_ids
        ]
        leads.move(moves, terms=terms, actor=one.actor, now=now)
        one.label = f"{counted(one.lead_ids, 'put back to nurturing')}, to be looked at again in {days} days"
    return finished(one)


def _known(terms: Terms) -> str:
    return f"Choose one of: {', '.join(sorted(terms.reasons_for('recycle')))}"


def disqualify(viewer: Viewer, lead_ids: Collection[int], *, reason: str, now: datetime) -> Done:
    """Close leads that will never buy from us."""
    terms = in_force()
    with step(viewer, "disqualify", lead_ids, now=now) as one:
        distribution.withdraw(one.lead_ids, now=now, reason="disqualified")
        _move(one.lead_ids, Stage.DISQUALIFIED, reason, terms, one.actor, now)
        one.label = f"{counted(one.lead_ids, 'disqualified')}: {_label(terms, reason)}"
    return finished(one)


def snooze(viewer: Viewer, lead_ids: Collection[int], *, until: datetime, now: datetime) -> Done:
    """Put off what is due next; nothing is forgotten, only later."""
    if until <= now:
        raise Invalid("A lead can only be put off to a later moment", field="until", mend="Choose a time to come")
    with step(viewer, "snooze", lead_ids, now=now) as one:
        for lead_id, row in lead_rows(one.lead_ids).items():
            leads.reschedule(lead_id, row.due_kind, until, actor=one.actor, now=now)
        one.label = counted(one.lead_ids, "put off")
    return finished(one)


def _move(lead_ids: Collection[int], to: Stage, reason: str, terms: Terms, actor: Actor, now: datetime) -> None:
    moves = [Move(lead_id=lead_id, to=to, reason=reason) for lead_id in lead_ids]
    leads.move(moves, terms=terms, actor=actor, now=now)


def _label(terms: Terms, reason: str) -> str:
    clause = terms.clauses.reasons.get(reason)
    return clause.label if clause else reason
