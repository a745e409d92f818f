"""What a permitted move changes, worked out before anything is written."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from datetime import datetime

from leadloop.agreement.contracts import Terms
from leadloop.kernel.clock import WorkCalendar
from leadloop.kernel.values import dataclass
from leadloop.leads.contracts import CLOSED_STAGES, LeadRow, Move, PromiseRow, PromiseState
from leadloop.leads.facts import LeadMoved
from leadloop.leads.rules import DueTimes, exception_of, is_recycling, promise_for, settle
from leadloop.leads.rules.owning import owner_after
from leadloop.leads.services.shapes import Head, NewPromise, Settlement
from leadloop.platform.contracts import UserRow


@dataclass(frozen=True, slots=True)
class Change:
    """One move, ready to be written. `made` None: the lead closes and owes nothing any more."""

    head: Head
    settled: list[Settlement]
    made: NewPromise | None
    fact: LeadMoved


def changes(
    moves: Mapping[int, Move],
    leads: Mapping[int, LeadRow],
    owed: Mapping[int, Sequence[PromiseRow]],
    active: Mapping[int, UserRow],
    calendars: Mapping[int, WorkCalendar],
    terms: Terms,
    now: datetime,
) -> list[Change]:
    """The changes that these moves bring about, by ascending lead; `active` holds every owner they may come to."""
    due_times = DueTimes(terms, calendars, now)
    return [
        _change(leads[lead_id], moves[lead_id], owed[lead_id], active, due_times, terms, now)
        for lead_id in sorted(moves)
    ]


def _change(
    lead: LeadRow,
    move: Move,
    owed: Sequence[PromiseRow],
    active: Mapping[int, UserRow],
    due_times: DueTimes,
    terms: Terms,
    now: datetime,
) -> Change:
    owner_id = _owner(move, lead, terms, active)
    made = _made(lead, move, owner_id, due_times, terms, now)
    settled = _settled(lead, move, owed, owner_id, made, terms)
    due_at, due_kind = _earliest(settled, made)
    closes = move.to in CLOSED_STAGES
    exception = exception_of(lead.stage, move, terms)
    head = Head(
        lead_id=lead.id,
        stage=move.to,
        stage_since=now,
        owner_id=owner_id,
        team_id=active[owner_id].team_id if owner_id != lead.owner_id else lead.team_id,
        due_at=due_at,
        due_kind=due_kind,
        recycled=lead.recycled + is_recycling(lead.stage, move.to),
        exception_code=exception or lead.exception_code,
        why=move.why or lead.why,
        closed_at=now if closes else None,
        close_reason=move.reason if closes else "",
    )
    return Change(head, settled, made, _fact(lead, move, head, made, exception, terms, now))


def _owner(move: Move, lead: LeadRow, terms: Terms, active: Container[int]) -> int:
    owner_id = owner_after(move, lead.owner_id, terms, active)
    assert owner_id is not None, "a move that leaves nobody accountable is refused before it is planned"
    return owner_id


def _made(
    lead: LeadRow, move: Move, owner_id: int, due_times: DueTimes, terms: Terms, now: datetime
) -> NewPromise | None:
    if move.to in CLOSED_STAGES:
        return None
    kind, due_at = promise_for(lead.stage, move, terms, now)
    return NewPromise(lead.id, kind, owner_id, due_at or due_times(kind, owner_id))


def _settled(
    lead: LeadRow,
    move: Move,
    owed: Sequence[PromiseRow],
    owner_id: int,
    made: NewPromise | None,
    terms: Terms,
) -> list[Settlement]:
    settled = []
    for promise in owed:
        state = settle(promise.kind, lead.stage, move, terms, made.kind if made else "")
        if state is PromiseState.RUNNING:
            settled.append(Settlement(promise, state, owner_id))
        else:
            evidence = f"stage:{move.to}" if state is PromiseState.KEPT else ""
            settled.append(Settlement(promise, state, promise.owner_id, evidence))
    return settled


def _earliest(settled: Sequence[Settlement], made: NewPromise | None) -> tuple[datetime | None, str]:
    if made is None:
        return None, ""
    owed = [(one.promise.due_at, one.promise.kind) for one in settled if one.state is PromiseState.RUNNING]
    return min([*owed, (made.due_at, made.kind)])


def _fact(
    lead: LeadRow, move: Move, head: Head, made: NewPromise | None, exception: str, terms: Terms, now: datetime
) -> LeadMoved:
    return LeadMoved(
        happened_at=now,
        person_id=lead.person_id,
        company_id=lead.company_id,
        lead_id=lead.id,
        programme_id=lead.programme_id,
        reason=move.reason,
        agreement_version=terms.version,
        before=lead.stage,
        after=move.to,
        owner_id=head.owner_id,
        owner_before_id=lead.owner_id,
        exception=exception,
        promise=made.kind if made else "",
        due_at=made.due_at.isoformat() if made else "",
    )
