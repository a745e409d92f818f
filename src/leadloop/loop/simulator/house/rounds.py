"""One moment in the house: what routes hear is worked off in their order, round by round, until nothing is left."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from leadloop.leads.contracts import Stage
from leadloop.loop.handing import ROUTING
from leadloop.loop.reactions import CLOCK, FIRST_JOURNEY, NURTURE
from leadloop.loop.simulator.house import handing, journeys, letters, promising
from leadloop.loop.simulator.house.core import House
from leadloop.loop.simulator.house.rows import Fact
from leadloop.loop.simulator.house.state import Lead
from leadloop.nurture.contracts import End

SECOND = timedelta(seconds=1)


def tick_after(due_at: datetime) -> datetime:
    """When the clock notices that something is due: with the next whole second."""
    return due_at.replace(microsecond=0) + SECOND


def tick(house: House) -> None:
    """What time itself demands, and what follows from it."""
    promising.break_due(house)
    journeys.advance(house, actor=CLOCK)
    drain(house)


def drain(house: House) -> None:
    """Work off what the routes have heard."""
    while any(house.heard.values()):
        for name, waiting in house.heard.items():
            if waiting:
                facts, house.heard[name] = list(waiting), []
                _HANDLERS.get(name, _nothing)(house, facts)


def _nothing(house: House, facts: Sequence[Fact]) -> None:
    """A route that changes nothing that is held here."""


def _hand_over(house: House, facts: Sequence[Fact]) -> None:
    ready = _leads(f for f in facts if f.kind == "lead.moved" and f.payload["after"] == Stage.QUALIFIED)
    direct = _leads(
        f
        for f in facts
        if f.kind == "lead.opened" and f.payload["handover"] == "all_inquiries" and f.payload["stage"] == Stage.INQUIRY
    )
    handing.assign(house, ready, actor=ROUTING)
    handing.assign(house, direct, actor=ROUTING, skip_reason="portal_hands_over")


def _nurture(house: House, facts: Sequence[Fact]) -> None:
    waiting = _leads(f for f in facts if not (f.payload["qualified"] or f.payload["direct"]))
    if waiting and FIRST_JOURNEY in house.around.journeys:
        journeys.enrol(house, waiting, FIRST_JOURNEY, actor=NURTURE)


def _leave(house: House, facts: Sequence[Fact]) -> None:
    gone = _leads(f for f in facts if f.payload["before"] == Stage.NURTURING)
    journeys.leave(house, gone, End.SALES_TOOK_OVER, actor=NURTURE)


def _acknowledge(house: House, facts: Sequence[Fact]) -> None:
    for fact in facts:
        letters.acknowledge(house, fact)


def _notify(house: House, facts: Sequence[Fact]) -> None:
    letters.notices(house, facts)


def _escalate(house: House, facts: Sequence[Fact]) -> None:
    for fact in facts:
        letters.warn(house, fact)
    handing.pull_back(house, _leads(f for f in facts if f.payload["promise"] == "accept"), actor=CLOCK)


_HANDLERS: Mapping[str, Callable[[House, Sequence[Fact]], None]] = {
    "hand-over": _hand_over,
    "nurture": _nurture,
    "leave-journey": _leave,
    "acknowledge": _acknowledge,
    "notify-owner": _notify,
    "escalate": _escalate,
}


def _leads(facts: Iterable[Fact]) -> list[Lead]:
    return list({f.lead.id: f.lead for f in facts if f.lead is not None}.values())
