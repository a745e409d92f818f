"""Telling the whole story: the company is founded through its services, its history is written at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from leadloop.kernel import clock
from leadloop.ledger.contracts import by_user
from leadloop.loop.routes import EVERY
from leadloop.loop.simulator import copying, foretelling, large, multiplying
from leadloop.loop.simulator.arrivals import decide
from leadloop.loop.simulator.company import FIRM, Demo, bills, found, staff_for
from leadloop.loop.simulator.house.around import look_around
from leadloop.loop.simulator.house.rows import Ids
from leadloop.loop.simulator.story import Story
from leadloop.loop.simulator.truth import Truth
from leadloop.programmes.contracts import Spend
from leadloop.programmes.services import spend

Progress = Callable[[int, int], None]  # done, of how many
DISTINCT = 20_000  # different leads that a large story is made of, unless asked otherwise


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

    For an empty, migrated database. The same seed and end make the same story. Nothing is sent. `on` hears of days.
    """
    wanted = size or Size()
    truth = decide(seed, leads=wanted.leads, days=wanted.days, end=end, zone=ZoneInfo(FIRM.zone))
    demo = begin(truth, wanted.leads, passwords or {})
    with clock.at(end):
        story = Story(truth, demo, look_around(), Ids(copying.next_ids()), letters=True, keep=False)
        story.tell(lambda at: on((at - truth.start).days, wanted.days) if on else None)
        copying.write(story.house)
        copying.move_sequences_on()
        foretelling.keep(story.said, story.house, demo, truth.start)
        copying.settle_routes()
    return story


def simulate_large(
    *,
    seed: int,
    end: datetime,
    size: Size,
    passwords: Mapping[str, str] | None = None,
    distinct: int = DISTINCT,
    processes: int = 2,
    on: Progress | None = None,
) -> int:
    """The same for many leads, without letters; returns how many copies it consists of. `on` hears of leads.

    At most `distinct` leads are told, in parts side by side (see `large`), the rest are copies (see `multiplying`).
    """
    copies = -(-size.leads // distinct)
    told = -(-size.leads // copies)
    truth = decide(seed, leads=1, days=size.days, end=end, zone=ZoneInfo(FIRM.zone))
    demo = begin(truth, size.leads, passwords or {})
    before = multiplying.marks()
    large.tell_parts(demo, leads=told, seed=seed, days=size.days, end=end, phones=copies == 1, processes=processes)
    if on:
        on(told, size.leads)
    with clock.at(end):
        multiplying.multiply(
            before, copies, at_once=processes, on=lambda done: on(done * told, size.leads) if on else None
        )
        copying.settle_routes(EVERY)  # nobody is to be compared with a million copies of somebody
    return copies


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
