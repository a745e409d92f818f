"""The story as it happens: hands are raised, the clock demands, people act. Told in memory, from start to end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import heappop, heappush
from itertools import count
from typing import Any

from leadloop.capture.contracts import Claimed, Parsed, Unreadable
from leadloop.capture.services import read
from leadloop.leads.contracts import CLOSED_STAGES, Stage
from leadloop.loop.simulator.arrivals import touched_by
from leadloop.loop.simulator.bodies import delivery
from leadloop.loop.simulator.company import Demo
from leadloop.loop.simulator.conduct import Act, Desk, Pursued, perform, plan
from leadloop.loop.simulator.conduct.talking import partners
from leadloop.loop.simulator.dice import dice
from leadloop.loop.simulator.foretelling import moments, said
from leadloop.loop.simulator.house.around import Around
from leadloop.loop.simulator.house.arriving import take
from leadloop.loop.simulator.house.core import House
from leadloop.loop.simulator.house.rounds import drain, tick, tick_after
from leadloop.loop.simulator.house.rows import Ids
from leadloop.loop.simulator.house.state import Lead
from leadloop.loop.simulator.truth import Hand, Truth, by_number
from leadloop.tracking.forecast.services import SubmissionIn

Progress = Callable[[datetime], None]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that somebody did: who, what, and to the lead that which hand opened."""

    at: datetime
    user: str
    verb: str
    hand: int
    args: dict[str, Any]


class Story:
    """One story, or one part of a large one. `steps` are kept for telling it once more through the services."""

    def __init__(self, truth: Truth, demo: Demo, around: Around, ids: Ids, *, letters: bool, keep: bool) -> None:
        self.truth = truth
        self.steps: list[Step] = []
        self.house = House(around, ids, truth.end, letters=letters)
        self.desk = Desk(demo, around, touched_by(truth.hands), truth.end)
        self.people = by_number(truth.inquirers)
        self.said: list[tuple[datetime, list[SubmissionIn]]] = []
        self._asked = moments(truth.start, truth.end, around.zone)
        self._asks = next(self._asked, None)
        self._acts: list[tuple[datetime, int, Act]] = []
        self._order = count()
        self._keep = keep

    def tell(self, on: Progress | None = None) -> None:
        """From the first hand to the end; `on` hears of each moment at which a hand was raised."""
        for hand, claimed, parsed in self._delivered():
            self._ask_until(hand.at)
            self._go_on_until(hand.at)
            self._raise(hand, claimed, parsed)
            if on:
                on(hand.at)
        self._go_on_until(self.truth.end)

    def _ask_until(self, moment: datetime) -> None:
        """Before a moment, whenever it is time: what salespeople expect, as things stand then."""
        while (at := self._asks) is not None and at < moment:
            self._go_on_until(at)
            self.said.append((at, said(self.house, self.desk.demo, self.truth.seed, at)))
            self._asks = next(self._asked, None)

    def _delivered(self) -> Iterator[tuple[Hand, Claimed, Parsed | Unreadable]]:
        """Every hand with its bytes as the door stores them, and as the intake reads them."""
        claimed = [self._claimed(hand) for hand in self.truth.hands]
        parsed, unreadable = read(claimed=claimed, now=self.truth.end)
        found: dict[int, Parsed | Unreadable] = {one.ref: one for one in parsed}
        found |= {one.submission_id: one for one in unreadable}
        for hand, one in zip(self.truth.hands, claimed, strict=True):
            yield hand, one, found[one.submission_id]

    def _claimed(self, hand: Hand) -> Claimed:
        sent = delivery(self.truth.seed, hand, self.people.get(hand.inquirer))
        return Claimed(
            submission_id=self.house.ids.next("capture.Submission"),
            portal=self.house.around.portals[hand.portal],
            body=sent.body,
            content_type=sent.content_type,
            context=sent.context,
            received_at=hand.at,
            happened_at=None,
            row_number=None,
        )

    def _go_on_until(self, moment: datetime) -> None:
        """Everything that people and the clock do before a moment."""
        while True:
            due = self.house.next_due()
            ticks = tick_after(due) if due else None
            acts = self._acts[0][0] if self._acts else None
            if ticks is not None and ticks <= moment and (acts is None or ticks <= acts):
                self.house.now = ticks
                tick(self.house)
                self._think(None)
            elif acts is not None and acts < moment:
                self._do(heappop(self._acts)[2])
            else:
                return

    def _raise(self, hand: Hand, claimed: Claimed, parsed: Parsed | Unreadable) -> None:
        self.house.now = hand.at
        lead = take(self.house, hand, claimed, parsed)
        drain(self.house)
        if lead is not None and lead.id not in self.desk.pursued:
            who = self.people[hand.inquirer]
            roll = dice(self.truth.seed, "conduct", hand.number)
            self.desk.pursued[lead.id] = Pursued(who, hand.at, roll)
            self.desk.projects.setdefault((who.project, lead.interest_id), []).append(lead)
        self._think(None)

    def _do(self, act: Act) -> None:
        lead = act.lead
        known = self.desk.pursued[lead.id]
        self.house.now = act.at
        stale = known.token != act.token if act.then is None else lead.stage is not Stage.WORKING
        if not stale:
            if act.verb == "open_deal":
                act.args["with_hands"] = partners(self.desk, lead)
            if act.verb == "lose" and lead.deal is not None:
                act.args["with_hands"] = tuple(one.hand for one in lead.deal.leads[1:])
            if self._keep:
                self.steps.append(Step(act.at, act.user, act.verb, lead.hand, dict(act.args)))
            before = len(self.house.rows.activities)
            perform(self.house, self.desk.demo.staff[act.user], act.verb, lead, act.args)
            if any(one.contacted for one in self.house.rows.activities[before:]):
                known.first_contact = known.first_contact or act.at
            self._think(lead)
        if act.then is not None:
            self.house.touched[act.then.id] = act.then
            self._think(act.then)

    def _think(self, acted: Lead | None) -> None:
        """Whoever works on a lead that was touched thinks about what to do next."""
        touched, self.house.touched = self.house.touched, {}
        for _, lead in sorted(touched.items()):
            if lead.stage in CLOSED_STAGES and acted is not lead:
                self.desk.pursued[lead.id].token += 1
                continue
            found = plan(self.desk, lead, self.house.now, acted=lead is acted)
            if found is not None and found.at < self.truth.end:
                heappush(self._acts, (found.at, next(self._order), found))
