"""The facts about promises and closes, one wording for all services."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from leadloop.leads.contracts import LeadRow, PromiseRow, PromiseState, Stage
from leadloop.leads.facts import LeadMoved, PromiseBroken, PromiseDropped, PromiseKept, PromiseMade
from leadloop.leads.services.shapes import NewPromise, Settlement
from leadloop.ledger.facts import Fact


def made(
    new: Iterable[tuple[int, NewPromise]], persons: Mapping[int, int], now: datetime, version: int | None = None
) -> Iterator[Fact]:
    """One fact per promise that was made apart from opening and moving; `persons` gives the person of each lead."""
    for promise_id, one in new:
        yield PromiseMade(
            happened_at=now,
            person_id=persons[one.lead_id],
            lead_id=one.lead_id,
            agreement_version=version,
            promise_id=promise_id,
            promise=one.kind,
            owner_id=one.owner_id,
            due_at=one.due_at.isoformat(),
        )


def settled(
    settlements: Iterable[Settlement], leads: Mapping[int, LeadRow], now: datetime, reason: str = ""
) -> Iterator[Fact]:
    """What became of each promise, and before it that it was broken when nobody had noticed yet."""
    for one in settlements:
        if one.state is PromiseState.RUNNING:
            continue
        row, person_id = one.promise, leads[one.promise.lead_id].person_id
        if row.broken_at is None and row.due_at < now:
            yield broken(row, person_id, row.due_at)
        yield _kept(one, person_id, now) if one.state is PromiseState.KEPT else _dropped(one, person_id, now, reason)


def closed(lead: LeadRow, stage: Stage, reason: str, now: datetime, undone: str = "") -> LeadMoved:
    """What a close outside the table of moves is on the ledger; `undone` names what it takes back."""
    return LeadMoved(
        happened_at=now,
        person_id=lead.person_id,
        company_id=lead.company_id,
        lead_id=lead.id,
        programme_id=lead.programme_id,
        reason=reason,
        before=lead.stage,
        after=stage,
        owner_id=lead.owner_id,
        owner_before_id=lead.owner_id,
        undone=undone,
    )


def broken(row: PromiseRow, person_id: int, at: datetime) -> PromiseBroken:
    """The promise's time passed without evidence."""
    return PromiseBroken(
        happened_at=at,
        person_id=person_id,
        lead_id=row.lead_id,
        promise_id=row.id,
        promise=row.kind,
        owner_id=row.owner_id,
        due_at=row.due_at.isoformat(),
    )


def _kept(one: Settlement, person_id: int, now: datetime) -> PromiseKept:
    return PromiseKept(
        happened_at=now,
        person_id=person_id,
        lead_id=one.promise.lead_id,
        promise_id=one.promise.id,
        promise=one.promise.kind,
        owner_id=one.owner_id,
        evidence=one.evidence,
        late_seconds=max(0, int((now - one.promise.due_at).total_seconds())),
    )


def _dropped(one: Settlement, person_id: int, now: datetime, reason: str) -> PromiseDropped:
    return PromiseDropped(
        happened_at=now,
        person_id=person_id,
        lead_id=one.promise.lead_id,
        reason=reason,
        promise_id=one.promise.id,
        promise=one.promise.kind,
        owner_id=one.owner_id,
    )
