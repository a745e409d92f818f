"""The same story told through the services: door, pump, clock and the commands behind people's pages, one by one.

Slow, and the judge of what is written at once: both must come to the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import connection

from leadloop.capture.queries import inquiries, portals
from leadloop.capture.services import receive
from leadloop.kernel import clock
from leadloop.ledger.contracts import Lane
from leadloop.loop import commands, pump, ticks
from leadloop.loop.routes import ROUTES
from leadloop.loop.simulator.bodies import delivery
from leadloop.loop.simulator.company import Demo
from leadloop.loop.simulator.house.arriving import idempotency_key
from leadloop.loop.simulator.house.rounds import tick_after
from leadloop.loop.simulator.story import Step
from leadloop.loop.simulator.truth import Hand, Truth, by_number
from leadloop.platform.contracts import Viewer
from leadloop.platform.queries import viewer

_NEXT_DUE = """
select least((select min(due_at) from leads_promise where state = 'running' and broken_at is null),
             (select min(due_at) from nurture_enrolment where state = 'waiting'))
"""
_HEARD = "select max(id), coalesce(bool_or(kind = any(%s)), false) from ledger_event where id > %s"
_KINDS = sorted({kind for route in ROUTES for kind in route.kinds})


class Retelling:
    """One story told again, by what was decided beforehand and what people did."""

    def __init__(self, truth: Truth, demo: Demo, steps: list[Step]) -> None:
        self._truth = truth
        self._steps = steps
        self._people = by_number(truth.inquirers)
        self._portals = {portal.key: portal for portal in portals().values()}
        self._viewers = {key: viewer(user_id) for key, user_id in demo.staff.items()}
        self._leads: dict[int, int] = {}  # by the hand that opened them
        self._deals: dict[int, int] = {}
        self._last = 0  # fact that was looked at

    def tell(self) -> None:
        """From the first hand to the end."""
        pump.prepare()
        hands, steps = list(reversed(self._truth.hands)), list(reversed(self._steps))
        while hands or steps:
            hand_first = bool(hands) and (not steps or hands[-1].at < steps[-1].at)
            moment = hands[-1].at if hand_first else steps[-1].at
            self._let_time_pass(moment)
            with clock.at(moment):
                if hand_first:
                    self._raise(hands.pop())
                else:
                    self._do(steps.pop())
        self._let_time_pass(self._truth.end)

    def _let_time_pass(self, moment: datetime) -> None:
        """Whatever the clock demands up to a moment, each at its own."""
        while True:
            with connection.cursor() as cursor:
                cursor.execute(_NEXT_DUE)
                ((due,),) = cursor.fetchall()
            if due is None or tick_after(due) > moment:
                return
            with clock.at(tick_after(due)):
                while ticks.turn():
                    pass
                self._drain()

    def _raise(self, hand: Hand) -> None:
        sent = delivery(self._truth.seed, hand, self._people.get(hand.inquirer))
        submission_id = receive(
            portal=self._portals[hand.portal],
            body=sent.body,
            content_type=sent.content_type,
            context=sent.context,
            idempotency_key=idempotency_key(hand),
            now=hand.at,
        )
        while pump.turn(Lane.LIVE):
            pass
        for row in inquiries(ids=[submission_id]):
            if row.lead_id is not None:
                self._leads[hand.number] = row.lead_id

    def _do(self, step: Step) -> None:
        _VERBS[step.verb](self, self._viewers[step.user], step)
        self._drain()

    def _drain(self) -> None:
        """Let the pump go round until nothing is left; not at all when no route would hear anything."""
        while self._heard():
            pump.turn(Lane.LIVE)

    def _heard(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(_HEARD, [_KINDS, self._last])
            ((last, heard),) = cursor.fetchall()
        self._last = last or self._last
        return bool(heard)

    def lead(self, hand: int) -> int:
        """The lead that a hand opened."""
        return self._leads[hand]

    def deal(self, hand: int) -> int:
        """The deal that was opened on that lead last."""
        return self._deals[hand]

    def open_deal(self, viewer_: Viewer, step: Step) -> None:
        """Make a deal of leads."""
        hands = (step.hand, *step.args["with_hands"])
        deal = replace(step.args["deal"], lead_ids=tuple(self.lead(one) for one in hands))
        done = commands.open_deal(viewer_, deal, now=step.at)
        assert done.opportunity_id is not None
        self._deals[step.hand] = done.opportunity_id


def _on_lead(verb: Callable[..., Any]) -> Callable[[Retelling, Viewer, Step], None]:
    def do(telling: Retelling, who: Viewer, step: Step) -> None:
        verb(who, [telling.lead(step.hand)], now=step.at, **step.args)

    return do


def _log(telling: Retelling, who: Viewer, step: Step) -> None:
    commands.log(who, replace(step.args["entry"], lead_id=telling.lead(step.hand)), now=step.at)


def _move_deal(telling: Retelling, who: Viewer, step: Step) -> None:
    commands.move_deal(who, telling.deal(step.hand), stage=step.args["stage"], now=step.at)


def _put_off(telling: Retelling, who: Viewer, step: Step) -> None:
    changes = {"close_on": step.args["close_on"]}
    commands.change_deal(who, telling.deal(step.hand), changes=changes, now=step.at)


def _win(telling: Retelling, who: Viewer, step: Step) -> None:
    commands.win(who, telling.deal(step.hand), now=step.at)


def _lose(telling: Retelling, who: Viewer, step: Step) -> None:
    deal_id = telling.deal(step.hand)
    fate = "recycled" if step.args["recycled"] else "lost"
    hands = (step.hand, *step.args["with_hands"])
    outcomes = {telling.lead(hand): fate for hand in hands}
    commands.lose(who, deal_id, reason=step.args["reason"], outcomes=outcomes, now=step.at)


_VERBS: Mapping[str, Callable[[Retelling, Viewer, Step], None]] = {
    "qualify": _on_lead(commands.qualify),
    "accept": _on_lead(commands.accept),
    "reject": _on_lead(commands.reject),
    "disqualify": _on_lead(commands.disqualify),
    "recycle": _on_lead(commands.recycle),
    "snooze": _on_lead(commands.snooze),
    "assign": _on_lead(commands.assign),
    "log": _log,
    "open_deal": Retelling.open_deal,
    "move_deal": _move_deal,
    "put_off": _put_off,
    "win": _win,
    "lose": _lose,
}
