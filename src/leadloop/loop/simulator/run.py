"""Telling the whole story: the company is founded through its services, its history is written at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from leadloop.kernel import clock
from leadloop.ledger.contracts import by_user
from leadloop.loop.simulator import copying
from leadloop.loop.simulator.arrivals import decide
from leadloop.loop.simulator.company import FIRM, Demo, bills, found, staff_for
from leadloop.loop.simulator.house.around import look_around
from leadloop.loop.simulator.house.rows import Ids
from leadloop.loop.simulator.story import Story
from leadloop.loop.simulator.truth import Truth
from leadloop.programmes.contracts import Spend
from leadloop.programmes.services import spend

Progress = Callable[[int, int], None]  # days done, of how many


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is to tell: so many people who ask about buying, within so many days."""

    leads: int = 3_800
    days: int = 548


def simulate(
    *,
    seed: int,
    end: datetime,
    passwords: Mapping[str, str] | None = None,
    size: Size | None = None,
    on: Progress | None = None,
) -> Story:
    """Found the company and tell its history up to `end`; returns the story with what was true.

    For an empty, migrated database. The same seed and end make the same story. Nothing is sent.
    """
    wanted = size or Size()
    zone = ZoneInfo(FIRM.zone)
    truth = decide(seed, leads=wanted.leads, days=wanted.days, end=end, zone=zone)
    demo = begin(truth, wanted.leads, passwords or {})
    with clock.at(end):
        first = copying.next_ids()
        story = Story(truth, demo, look_around(), Ids(first), letters=True, keep=False)
        story.tell(lambda at: on((at - truth.start).days, wanted.days) if on else None)
        copying.write(story.house)
        copying.move_sequences_on(first, story.house.ids)
        copying.settle_routes()
    return story


def begin(truth: Truth, leads: int, passwords: Mapping[str, str]) -> Demo:
    """Found the company on the first day and book what it spends up to the end."""
    with clock.at(truth.start):
        demo = found(staff_for(leads), passwords, start=truth.start, end=truth.end, seed=truth.seed)
    _pay(truth, demo)
    return demo


def _pay(truth: Truth, demo: Demo) -> None:
    """Book every bill on its day."""
    zone = ZoneInfo(FIRM.zone)
    first, last = (at.astimezone(zone).date() for at in (truth.start, truth.end))
    by_day: dict[date, list[Spend]] = {}
    for day, one in bills(truth.seed, first, last):
        by_day.setdefault(day, []).append(one)
    for day, spends in sorted(by_day.items()):
        at = datetime(day.year, day.month, day.day, 9, 30, tzinfo=zone).astimezone(truth.start.tzinfo)
        with clock.at(min(at, truth.end)):
            spend(spends=spends, actor=by_user(demo.staff["tomas"]), now=min(at, truth.end))
