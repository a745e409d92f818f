"""Whose turn it is. Pure: facts in, a decision with its reasons out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from leadloop.criteria.rules import holds
from leadloop.distribution.contracts import Rule, Seat
from leadloop.kernel.decision import Decision, Reason


def route(rules: Sequence[Rule], values: Mapping[str, Any], now: datetime) -> Decision[Rule | None]:
    """The first rule that the lead fits, with every rule looked at; None when none does."""
    looked: list[Reason] = []
    for rule in rules:
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
    chosen = min(at_work or free, key=turn)
    reasons.append(
        Reason(
            "turn", f"user:{chosen.user_id} is next: {chosen.taken} taken at weight {chosen.weight}", turn(chosen)[0]
        )
    )
    if not at_work:
        reasons.append(Reason("off_hours", "Nobody of the pool is at work now"))
    return Decision(chosen, tuple(reasons))


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
