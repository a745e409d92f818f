"""Whose turn it is. Pure: facts in, a decision with its reasons out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from heapq import heappop, heappush
from typing import Any

from leadloop.criteria.rules import holds
from leadloop.distribution.contracts import Rule, Seat, To
from leadloop.kernel.decision import Decision, Reason

ACCOUNT_OWNERS = Rule(name="Account owner", to=To.ACCOUNT_OWNER)


def in_order(rules: Sequence[Rule]) -> Sequence[Rule]:
    """The rules with that for account owners, which goes first where none of them says otherwise."""
    return rules if any(rule.to is To.ACCOUNT_OWNER for rule in rules) else (ACCOUNT_OWNERS, *rules)


def route(
    rules: Sequence[Rule], values: Mapping[str, Any], now: datetime, *, has_owner: bool = False
) -> Decision[Rule | None]:
    """The first rule that the lead fits, with every rule looked at; None when none does.

    `has_owner` tells that somebody looks after its account and can take it: without, rules to them are passed over.
    """
    looked: list[Reason] = []
    for rule in rules:
        if rule.to is To.ACCOUNT_OWNER and not has_owner:
            continue
        if rule.when is None:
            return Decision(rule, (*looked, Reason("rule", f"{rule.name}: takes every lead")))
        fits = holds(rule.when, values, now)
        if fits.outcome:
            return Decision(rule, (*looked, Reason("rule", f"{rule.name}: fits"), *fits.reasons))
        looked.append(Reason("rule", f"{rule.name}: does not fit"))
    return Decision(None, tuple(looked))


def facets_asked(condition: Any) -> set[str]:
    """Keys of the facets that a condition speaks of; none for a rule without one."""
    if isinstance(condition, Mapping):
        own = {str(condition["facet"])} if "facet" in condition else set()
        return own.union(*(facets_asked(part) for part in condition.values()))
    if isinstance(condition, list):
        return set().union(*(facets_asked(part) for part in condition))
    return set()


def obstacle(seat: Seat) -> str:
    """Why this person can't be given a lead now; empty when they can. Hours are no obstacle, see `choose`."""
    words = ""  # asked of every seat for every lead, so nothing is put into words before it is known to hold
    if not seat.is_active:
        words = "no longer works here"
    elif seat.is_absent:
        words = "is away"
    elif seat.is_paused:
        words = "is paused in this pool"
    elif seat.daily_cap is not None and seat.taken_today >= seat.daily_cap:
        words = f"has today's {seat.daily_cap} already"
    elif seat.open_cap is not None and seat.open_now >= seat.open_cap:
        words = f"has {seat.open_now} open leads"
    return words


def choose(seats: Iterable[Seat], *, refused_by: Collection[int] = ()) -> Decision[Seat | None]:
    """Smooth weighted round robin: the free person whose next turn comes first, (taken + 1) / weight.

    People who are at work now go before those who are not, so that the clock does not wait for a morning; when
    nobody is at work all are equal. `refused_by` are users who gave this lead back. None: nobody can.
    Between equals the older place in the pool goes first. Within equal weights shares differ by at most one.
    """
    reasons: list[Reason] = []
    free: list[Seat] = []
    for seat in sorted(seats, key=lambda s: s.member_id):
        words = "gave this lead back" if seat.user_id in refused_by else obstacle(seat)
        if words:
            reasons.append(Reason("passed_over", f"user:{seat.user_id} {words}"))
        else:
            free.append(seat)
    if not free:
        return Decision(None, (*reasons, Reason("nobody", "Nobody of the pool can take it")))
    at_work = [seat for seat in free if seat.is_working]
    return _decided(reasons, min(at_work or free, key=turn))


def _decided(passed_over: Iterable[Reason], chosen: Seat) -> Decision[Seat | None]:
    words = f"user:{chosen.user_id} is next: {chosen.taken} taken at weight {chosen.weight}"
    next_one = Reason("turn", words, turn(chosen)[0])
    if chosen.is_working:
        return Decision(chosen, (*passed_over, next_one))
    return Decision(chosen, (*passed_over, next_one, Reason("off_hours", "Nobody of the pool is at work now")))


class Rotation:
    """The turns of one pool through a batch: as `choose` decides for one lead after another, each turn spent at once.

    Whose turn comes next is kept in order instead of looked for, so that a lead costs the logarithm of the pool's size.
    """

    def __init__(self, seats: Iterable[Seat]) -> None:
        self._seats = {seat.member_id: seat for seat in sorted(seats, key=lambda s: s.member_id)}
        self._passed: dict[int, Reason] = {}
        self._order: list[tuple[bool, tuple[float, int]]] = []
        for seat in self._seats.values():
            self._place(seat)

    def choose(self, *, refused_by: Collection[int] = ()) -> Decision[Seat | None]:
        """The person for the next lead, whose turn is spent with that; None: nobody can."""
        decision = choose(self._seats.values(), refused_by=refused_by) if refused_by else self._next()
        if decision.outcome is not None:
            self._place(given(decision.outcome))
        return decision

    def _next(self) -> Decision[Seat | None]:
        passed = [self._passed[member_id] for member_id in sorted(self._passed)]
        while self._order:
            _, place = self._order[0]
            seat = self._seats[place[1]]
            if turn(seat) == place and place[1] not in self._passed:
                return _decided(passed, seat)
            heappop(self._order)  # it was given a lead out of turn meanwhile
        return Decision(None, (*passed, Reason("nobody", "Nobody of the pool can take it")))

    def _place(self, seat: Seat) -> None:
        self._seats[seat.member_id] = seat
        if words := obstacle(seat):
            self._passed[seat.member_id] = Reason("passed_over", f"user:{seat.user_id} {words}")
        else:
            heappush(self._order, (not seat.is_working, turn(seat)))


def turn(seat: Seat) -> tuple[float, int]:
    """Sort key of the round robin; smaller is sooner."""
    return ((seat.taken + 1) / seat.weight, seat.member_id)


def given(seat: Seat) -> Seat:
    """The place after one more lead."""
    return replace(seat, taken=seat.taken + 1, taken_today=seat.taken_today + 1, open_now=seat.open_now + 1)


def joining_turns(seats: Sequence[Seat], weight: int) -> int:
    """Turns to credit somebody who joins a running pool, so that they neither flood nor starve.

    The smallest share of the others, so the newcomer is served next but only once.
    """
    if not seats:
        return 0
    return int(min(seat.taken / seat.weight for seat in seats) * weight)
