"""What is owed, by when, and what settles it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from leadloop.agreement.contracts import PromiseClause, Terms
from leadloop.kernel.clock import WorkCalendar, add_working
from leadloop.leads.contracts import Move, PromiseKind, PromiseState, Stage
from leadloop.leads.rules.stages import OWED, STAGE_PROMISE, is_ahead, is_recycling


def due(clause: PromiseClause, start: datetime, calendar: WorkCalendar) -> datetime:
    """When a promise made at `start` is due: in working time of the owner's calendar, or in clock time."""
    length = timedelta(minutes=clause.minutes)
    return add_working(start, length, calendar) if clause.working_time else start + length


class DueTimes:
    """Due times by the agreement for promises made at one moment; each calendar is asked once per kind.

    `calendars` must hold every owner that is asked about.
    """

    def __init__(self, terms: Terms, calendars: Mapping[int, WorkCalendar], now: datetime) -> None:
        self._terms, self._calendars, self._now = terms, calendars, now
        self._known: dict[tuple[str, int], datetime] = {}

    def __call__(self, kind: str, owner_id: int) -> datetime:
        """When `owner_id` owes what is promised now."""
        found = self._known.get((kind, owner_id))
        if found is None:
            clause = self._terms.clauses.promises[kind]
            found = due(clause, self._now, self._calendars[owner_id])
            self._known[kind, owner_id] = found
        return found


def promise_for(before: Stage, move: Move, terms: Terms, now: datetime) -> tuple[str, datetime | None]:
    """Kind and due time of what is owed after a move into an open stage; None where the agreement gives the time."""
    kind = move.promise or (PromiseKind.WAKE if is_recycling(before, move.to) else STAGE_PROMISE[move.to])
    reason = terms.clauses.reasons.get(move.reason)
    if move.due_at is None and kind == PromiseKind.WAKE and reason and reason.wake_days:
        return kind, now + timedelta(days=reason.wake_days)
    return kind, move.due_at


def settle(kind: str, before: Stage, move: Move, terms: Terms, made: str) -> PromiseState:
    """What a move does to a running promise of `kind`; `made` is the kind that the move itself promises.

    Judging, accepting or rejecting and waking are done by moving, so moving keeps them; a lead that is pulled
    back or merged was not dealt with by anybody. A next step is kept by going ahead or by closing.
    """
    if kind in OWED.get(move.to, ()) and kind != made:
        return PromiseState.RUNNING
    if move.to is Stage.MERGED or _pulled_back(move, terms):
        return PromiseState.DROPPED
    if kind in (PromiseKind.QUALIFY, PromiseKind.ACCEPT, PromiseKind.WAKE):
        return PromiseState.KEPT
    if kind == PromiseKind.NEXT_STEP and (is_ahead(before, move.to) or move.to not in OWED):
        return PromiseState.KEPT
    return PromiseState.DROPPED


def _pulled_back(move: Move, terms: Terms) -> bool:
    reason = terms.clauses.reasons.get(move.reason)
    return reason is not None and "pull_back" in reason.uses and "reject" not in reason.uses
