"""The house in memory: every room's own rules at work on rows that are held in memory and written all at once.

What a room's service does in lock, load, decide, write and record is done here without a database: it decides by the
same pure rules, in the same order, and tells the same facts. That both come to the same is proven by telling one story
both ways and comparing what stands, see `loop/tests/test_history.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from heapq import heappop, heappush
from typing import Any

from leadloop.distribution.contracts import Seat
from leadloop.leads.rules import DueTimes
from leadloop.ledger.contracts import Actor
from leadloop.loop.routes import ROUTES
from leadloop.loop.simulator.house.around import Around
from leadloop.loop.simulator.house.rows import Fact, Ids, Rows, payload_text
from leadloop.loop.simulator.house.state import Enrolment, Lead, Owed, Person

HEARD = {kind: [route.name for route in ROUTES if kind in route.kinds] for route in ROUTES for kind in route.kinds}


@dataclass
class Turns:
    """How often somebody of a pool was served; a row of `distribution_member` as it changes."""

    member_id: int
    taken: int
    day: date | None = None
    today: int = 0


class House:
    """All that is held while a story is told. `now` is the moment of what is being done."""

    def __init__(self, around: Around, ids: Ids, end: datetime, *, letters: bool = True) -> None:
        self.around = around
        self.terms = around.terms
        self.ids = ids
        self.rows = Rows()
        self.end = end  # what would happen later has not happened yet
        self.letters = letters
        self.persons: dict[tuple[str, str], Person] = {}  # by match key
        self.firms: dict[tuple[str, str], int] = {}  # by company key
        self.open: dict[tuple[int, int], Lead] = {}  # by person and interest
        self.closed: dict[tuple[int, int], list[Lead]] = {}
        self.leads: dict[int, Lead] = {}
        self.by_hand: dict[int, Lead] = {}  # by the number of the hand that opened it
        self.heard: dict[str, list[Fact]] = {route.name: [] for route in ROUTES}
        self.touched: dict[int, Lead] = {}
        self.turns = {m.user_id: Turns(m.id, m.taken) for key in around.members for m in around.members[key]}
        self.places: dict[str, dict[int, float]] = {key: {} for key in around.board}  # of open deals, by column
        self._due: list[tuple[datetime, int, Owed]] = []
        self._steps: list[tuple[datetime, int, Enrolment]] = []
        self._now = end
        self._due_times: DueTimes | None = None

    @property
    def now(self) -> datetime:
        """The moment of what is being done."""
        return self._now

    @now.setter
    def now(self, moment: datetime) -> None:
        self._now, self._due_times = moment, None

    @property
    def due_times(self) -> DueTimes:
        """Due times of what is promised now."""
        if self._due_times is None:
            self._due_times = DueTimes(self.terms, self.around.calendars, self._now)
        return self._due_times

    @cached_property
    def active(self) -> Mapping[int, Any]:
        """Everybody who works here."""
        return self.around.users

    def seats(self, pool: str) -> dict[int, Seat]:
        """The places of a pool at this moment. Where a cap on open leads asks for it, these are counted."""
        from_rules = self.around.members[pool]
        day = self._now.astimezone(self.around.zone).date()
        found = {}
        for m in from_rules:
            turn = self.turns[m.user_id]
            found[m.id] = Seat(
                member_id=m.id,
                user_id=m.user_id,
                weight=m.weight,
                taken=turn.taken,
                daily_cap=m.daily_cap,
                taken_today=turn.today if turn.day == day else 0,
                open_cap=m.open_cap,
                open_now=self._owned(m.user_id) if m.open_cap is not None else 0,
                is_paused=m.is_paused,
                is_active=m.user_id in self.active,
                is_absent=False,
                is_working=self.at_work(m.user_id),
            )
        return found

    def at_work(self, user_id: int) -> bool:
        """Whether it is office hours for somebody."""
        return self.around.is_open(user_id, self._now)

    def _owned(self, user_id: int) -> int:
        return sum(lead.owner_id == user_id for lead in self.open.values())

    def spend(self, user_id: int, turns: int) -> None:
        """Count turns, a negative number gives them back; a new day starts at 0."""
        turn, day = self.turns[user_id], self._now.astimezone(self.around.zone).date()
        turn.taken = max(0, turn.taken + turns)
        turn.today = max(0, (turn.today if turn.day == day else 0) + turns)
        turn.day = day

    def tell(
        self,
        kind: str,
        payload: Mapping[str, Any],
        *,
        actor: Actor,
        lead: Lead | None = None,
        at: datetime | None = None,
        person_id: int | None = None,
        company_id: int | None = None,
        opportunity_id: int | None = None,
        programme_id: int | None = None,
        reason: str = "",
        version: int | None = None,
        amount: int | None = None,
        currency: str | None = None,
        base_amount: int | None = None,
        named: bool = True,
    ) -> None:
        """Record a fact, for the ledger and for the routes that hear of it. `named` False leaves the lead's id out."""
        happened = at or self._now
        self.rows.facts.append(
            (
                kind,
                happened,
                max(happened, self._now),
                actor,
                person_id,
                company_id,
                lead.id if lead is not None and named else None,
                opportunity_id,
                programme_id,
                reason,
                version,
                amount,
                currency,
                base_amount,
                payload_text(payload),
            )
        )
        if lead is not None:
            self.touched[lead.id] = lead
        if kind in HEARD:
            fact = Fact(kind, actor, lead, payload)
            for route in HEARD[kind]:
                self.heard[route].append(fact)

    def promise_to_break(self, owed: Owed) -> None:
        """Remember when a promise runs out."""
        heappush(self._due, (owed.due_at, owed.id, owed))

    def step_to_do(self, enrolment: Enrolment) -> None:
        """Remember when a journey goes on."""
        if enrolment.due_at is not None:
            heappush(self._steps, (enrolment.due_at, enrolment.id, enrolment))

    def next_due(self) -> datetime | None:
        """When time itself next demands something; None when nothing is promised."""
        while self._due and not _runs(self._due[0][2]):
            heappop(self._due)
        while self._steps and not _waits(*self._steps[0]):
            heappop(self._steps)
        heads = [heap[0][0] for heap in (self._due, self._steps) if heap]
        return min(heads, default=None)

    def run_out(self) -> list[Owed]:
        """Promises whose time has passed, in the order of their ids."""
        found = []
        while self._due and self._due[0][0] < self._now:
            owed = heappop(self._due)[2]
            if _runs(owed):
                found.append(owed)
        return sorted(found, key=lambda one: one.id)

    def steps_due(self) -> list[Enrolment]:
        """Enrolments whose step is due, the longest due first."""
        found = []
        while self._steps and self._steps[0][0] <= self._now:
            entry = heappop(self._steps)
            if _waits(*entry):
                found.append(entry[2])
        return found


def _runs(owed: Owed) -> bool:
    return owed.state == "running" and owed.broken_at is None


def _waits(due_at: datetime, _: int, enrolment: Enrolment) -> bool:
    return enrolment.state == "waiting" and enrolment.due_at == due_at
