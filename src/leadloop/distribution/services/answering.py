"""What becomes of a hand-over: accepted, given back with a reason, pulled back, taken back by undo."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction

from leadloop.agreement.contracts import Terms
from leadloop.distribution.contracts import AssignmentState, How
from leadloop.distribution.facts import LeadAccepted, LeadPulledBack, LeadRejected
from leadloop.distribution.models import Assignment
from leadloop.distribution.services import seats
from leadloop.kernel.errors import Invalid, Refused
from leadloop.leads import services as leads
from leadloop.leads.contracts import Move, MoveResult, Stage
from leadloop.ledger.contracts import Actor
from leadloop.ledger.facts import Fact
from leadloop.ledger.services import record


def accept(lead_ids: Iterable[int], *, terms: Terms, actor: Actor, now: datetime) -> list[MoveResult]:
    """Sales takes these leads on; the owner stays. Raises Refused for a lead that is not offered to anybody."""
    with transaction.atomic():
        offers = _offered(lead_ids)
        moves = [Move(lead_id=offer.lead_id, to=Stage.ACCEPTED) for offer in offers]
        results = _moved(leads.move(moves, terms=terms, actor=actor, now=now))
        _settle(offers, AssignmentState.ACCEPTED, "", now)
        facts: list[Fact] = [
            LeadAccepted(
                happened_at=now,
                lead_id=o.lead_id,
                person_id=o.person_id,
                agreement_version=terms.version,
                assignment_id=o.id,
                user_id=o.user_id,
            )
            for o in offers
        ]
        record(facts, actor=actor)
        return results


def reject(lead_ids: Iterable[int], *, reason: str, terms: Terms, actor: Actor, now: datetime) -> list[MoveResult]:
    """Sales gives these leads back. The reason decides whether they are offered to a colleague or nurtured.

    The turn is given back too. Raises Invalid for a code that the agreement does not have for rejecting.
    """
    if reason not in terms.reasons_for("reject"):
        raise Invalid(
            problem=f"{reason or 'An empty reason'} is not a reason for giving a lead back",
            field="reason",
            mend=f"Choose one of: {', '.join(sorted(terms.reasons_for('reject')))}",
        )
    back_to = Stage(terms.clauses.reasons[reason].back_to or Stage.QUALIFIED)
    with transaction.atomic():
        offers = _offered(lead_ids)
        results = _take_from(offers, back_to, reason, AssignmentState.REJECTED, terms, actor, now)
        facts: list[Fact] = [
            LeadRejected(
                happened_at=now,
                lead_id=o.lead_id,
                person_id=o.person_id,
                reason=reason,
                agreement_version=terms.version,
                assignment_id=o.id,
                user_id=o.user_id,
            )
            for o in offers
        ]
        record(facts, actor=actor)
        return results


def pull_back(lead_ids: Iterable[int], *, terms: Terms, actor: Actor, now: datetime) -> list[int]:
    """Take leads from people who neither accepted nor rejected in time; the rules then find somebody else.

    What the fallback holds stays there: there is nobody left to give it to, so it is escalated instead.
    Returns the leads that were pulled back. Leads that are no longer offered are left alone.
    """
    with transaction.atomic():
        offers = [o for o in _offers(lead_ids) if o.how != How.FALLBACK]
        _take_from(offers, Stage.QUALIFIED, "not_worked", AssignmentState.PULLED_BACK, terms, actor, now)
        facts: list[Fact] = [
            LeadPulledBack(
                happened_at=now,
                lead_id=o.lead_id,
                person_id=o.person_id,
                reason="not_worked",
                agreement_version=terms.version,
                assignment_id=o.id,
                user_id=o.user_id,
            )
            for o in offers
        ]
        record(facts, actor=actor)
        return [o.lead_id for o in offers]


def withdraw(lead_ids: Iterable[int], *, now: datetime, reason: str) -> None:
    """End open offers of leads that left the stage otherwise: closed, moved by hand, or taken back by undo."""
    with transaction.atomic():
        _settle(_offers(lead_ids), AssignmentState.ENDED, reason, now)


def reoffer(lead_ids: Iterable[int], *, now: datetime) -> None:
    """Undo an answer: the last hand-over of each lead stands open again. The lead itself is restored by `leads`."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            update distribution_assignment a set state = 'offered', settled_at = null, reason = ''
              from (select distinct on (lead_id) id from distribution_assignment
                     where lead_id = any(%s) order by lead_id, id desc) last
             where a.id = last.id and a.state in ('accepted', 'rejected')
            returning a.pool_id, a.user_id, a.how
            """,
            [list(lead_ids)],
        )
        seats.spend(_turns((pool, user, how, 1) for pool, user, how in cursor.fetchall()), now)


class _Offer(NamedTuple):
    """An open hand-over, and the person whose lead it is."""

    id: int
    lead_id: int
    user_id: int
    pool_id: int | None
    how: str
    person_id: int


def _offers(lead_ids: Iterable[int]) -> list[_Offer]:
    """Open hand-overs of these leads, locked in the order of the leads, after the leads and before any places."""
    asked = sorted(set(lead_ids))
    persons = {row.id: row.person_id for row in leads.lock(asked).values()}
    found = Assignment.objects.select_for_update().filter(lead_id__in=asked, state=AssignmentState.OFFERED)
    rows = found.order_by("lead_id").values_list("id", "lead_id", "user_id", "pool_id", "how")
    return [_Offer(*row, persons[row[1]]) for row in rows]


def _offered(lead_ids: Iterable[int]) -> list[_Offer]:
    asked = sorted(set(lead_ids))
    offers = _offers(asked)
    missing = sorted(set(asked) - {offer.lead_id for offer in offers})
    if missing:
        raise Refused(
            problem=f"Lead {missing[0]} is not waiting for an answer",
            field="lead",
            mend="Reload the page: somebody may have answered already",
        )
    return offers


def _take_from(
    offers: Sequence[_Offer],
    to: Stage,
    reason: str,
    state: AssignmentState,
    terms: Terms,
    actor: Actor,
    now: datetime,
) -> list[MoveResult]:
    """Settle the offers first, so that whoever routes next sees who had the lead; then move it back."""
    _settle(offers, state, reason, now)
    seats.spend(_turns((o.pool_id, o.user_id, o.how, -1) for o in offers), now)
    moves = [Move(lead_id=offer.lead_id, to=to, reason=reason) for offer in offers]
    return _moved(leads.move(moves, terms=terms, actor=actor, now=now))


def _moved(results: list[MoveResult]) -> list[MoveResult]:
    stuck = next((result for result in results if not result.moved), None)
    if stuck:
        why = "; ".join(reason.text for reason in stuck.reasons)
        raise Refused(problem=f"Lead {stuck.lead_id} stays where it is: {why}", field="lead", mend="Reload the page")
    return results


def _turns(taken: Iterable[tuple[int | None, int, str, int]]) -> dict[tuple[int, int], int]:
    """Turns by (pool, user); only the rotation counts turns."""
    turns: dict[tuple[int, int], int] = {}
    for pool_id, user_id, how, count in taken:
        if how == How.ROTATION and pool_id is not None:
            turns[pool_id, user_id] = turns.get((pool_id, user_id), 0) + count
    return turns


def _settle(offers: Sequence[_Offer], state: AssignmentState, reason: str, now: datetime) -> None:
    Assignment.objects.filter(id__in=[offer.id for offer in offers]).update(
        state=str(state), settled_at=now, reason=reason
    )
